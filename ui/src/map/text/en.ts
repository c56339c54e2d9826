import type { Catalogue } from '@/text/en'
import type zhCN from './zh-CN'

const en: Catalogue<typeof zhCN> = {
  title: 'Map',
  loading: 'Loading the map…',
  failed: 'The map could not be loaded',
  unable: 'This browser cannot show the map (it needs WebGL 2, Chromium 96 or newer). The table twin works.',
  notOfficial: 'not an official map',
  edition: 'boundaries {edition}',
  layers: {
    title: 'Layers',
    on: '{on} on',
    stale: '{count} stale',
    monitor: 'Monitoring points',
    warning: 'Warnings and incidents',
    base: 'Base map',
    relief: 'Relief',
    water: 'Water',
    boundaries: 'Divisions',
    places: 'Settlements',
    none: 'no data',
  },
  legend: { title: 'Legend', online: 'normal', silent: 'offline', stale: 'stale', never: 'never reported' },
  view: { label: 'View', map: 'Map', table: 'Table {count}', split: 'Split' },
  reset: 'Whole map',
  open: 'Open station',
  close: 'Close',
  incidents: 'Open incidents {count}',
  warnings: { title: 'Warnings in force {count}', note: 'table twin', empty: 'No warnings in force' },
  table: { name: 'Station', region: 'Region', level: 'Level', status: 'Status', value: 'Value', age: 'Data time', caption: 'Table twin of the monitoring points' },
  drawer: { title: 'Station', noPoint: 'This station has no coordinates' },
  noLevels: 'findings could not be fetched: levels are incomplete',
  unplaced: '{count} stations without coordinates, in the table only',
}

export default en
