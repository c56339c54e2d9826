import type { GeoJSONSource } from 'maplibre-gl'
import { serverNow } from '@/app/clock'
import { registerLayer, slot } from '@/map/layer'
import { PointsLayer } from '@/map/points'
import { FONTS, mapColours } from '@/map/style'
import type { JudgedStation } from './api'
import { byImportance, figure, look } from './model'

export const STATIONS = 'stations'

export interface StationsOnMap {
  stations: JudgedStation[]
  selected: string | null
  /** The moment that ages are counted to, ms; the world's clock when absent. */
  at?: number | null
}

let points: PointsLayer | null = null

/** Names and values beside the stations that are in a level or selected. */
function labels({ stations, selected }: StationsOnMap): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: stations.flatMap((station) => {
      if (!station.point || (station.level === null && station.id !== selected)) return []
      const first = [...station.sensors].sort(byImportance)[0]
      const value = first?.latest ? ` ${figure(first.latest.value, first.quantity)} ${first.unit}` : ''
      const strong = station.id === selected || station.level === 'red' || station.level === 'orange'
      return [
        {
          type: 'Feature',
          properties: { text: station.name + value, strong },
          geometry: { type: 'Point', coordinates: [station.point.lon, station.point.lat] },
        },
      ]
    }),
  }
}

/** Stations as live points on the one map. */
export function registerStations(): void {
  registerLayer<StationsOnMap>({
    id: STATIONS,
    word: 'sense.station.layer',
    group: 'monitor',
    driven: { by: 'readings', period: 300 },
    add(map, theme) {
      points = new PointsLayer(`${STATIONS}:points`, theme)
      map.addLayer(points, slot('points'))
      const colour = mapColours(theme)
      map.addSource(`${STATIONS}:labels`, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
      for (const strong of [false, true]) {
        map.addLayer(
          {
            id: `${STATIONS}:labels-${strong ? 'strong' : 'weak'}`,
            type: 'symbol',
            source: `${STATIONS}:labels`,
            filter: ['==', ['get', 'strong'], strong],
            minzoom: strong ? 0 : 8,
            layout: {
              'text-field': ['get', 'text'],
              'text-font': FONTS,
              'text-size': 13,
              'text-max-width': 40,
              'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
              'text-radial-offset': 1.1,
            },
            paint: { 'text-color': colour.label, 'text-halo-color': colour.halo, 'text-halo-width': 2.5 },
          },
          slot('labels'),
        )
      }
    },
    update(map, data) {
      const now = data.at ?? serverNow()
      points?.set(
        data.stations.flatMap((station) =>
          station.point
            ? [{ id: station.id, ...station.point, look: look(station, now), level: station.level }]
            : [],
        ),
      )
      points?.select(data.selected)
      map.getSource<GeoJSONSource>(`${STATIONS}:labels`)?.setData(labels(data))
    },
    show: (_map, visible) => points?.show(visible),
    pick(map, at) {
      const [x, y] = Array.isArray(at) ? at : [at.x, at.y]
      return points?.find(map, x, y) ?? null
    },
  })
}
