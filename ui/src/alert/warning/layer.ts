import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import { numeral, rank, type Level } from '@/kit/level'
import { registerLayer, slot } from '@/map/layer'
import { badges, FONTS, mapColours } from '@/map/style'
import tokens from '@/theme/tokens.json'
import type { Warning } from './api'

export const WARNINGS = 'warnings'

/** A warning with the place of its sign: its station, or the label point of its region. */
export interface PlacedWarning {
  warning: Warning
  at: [number, number]
}

const LEVELS = ['red', 'orange', 'yellow', 'blue'] as const
const sizes = tokens.shape.warning.size

const key = (level: Level): '1' | '2' | '3' | '4' => String(rank(level)) as '1' | '2' | '3' | '4'

/** The triangle with its numeral; red also has a white outer ring. */
function drawSign(level: Level): ImageData {
  const ratio = 2
  const size = sizes[key(level)] * ratio
  const margin = 4 * ratio
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = size + 2 * margin
  const pen = canvas.getContext('2d')!
  pen.translate(margin, margin)
  pen.lineJoin = 'round'
  pen.beginPath()
  pen.moveTo(size / 2, size * 0.06)
  pen.lineTo(size, size * 0.92)
  pen.lineTo(0, size * 0.92)
  pen.closePath()
  if (level === 'red') {
    pen.lineWidth = 6 * ratio
    pen.strokeStyle = '#FFFFFF'
    pen.stroke()
  }
  pen.lineWidth = 3 * ratio
  pen.strokeStyle = '#0B1524'
  pen.stroke()
  pen.fillStyle = badges[key(level)].fill
  pen.fill()
  pen.fillStyle = badges[key(level)].text
  pen.font = `700 ${Math.round(size * 0.42)}px 'Noto Serif CJK SC', serif`
  pen.textAlign = 'center'
  pen.textBaseline = 'alphabetic'
  pen.fillText(numeral(level), size / 2, size * 0.82)
  return pen.getImageData(0, 0, canvas.width, canvas.height)
}

function signs(placed: PlacedWarning[]): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: placed.map(({ warning, at }) => ({
      type: 'Feature',
      properties: { id: warning.id, level: warning.level, rank: rank(warning.level), title: warning.title },
      geometry: { type: 'Point', coordinates: at },
    })),
  }
}

/** Each county in the colour of its gravest warning; a warning of a city or the province colours none. */
function countyColour(placed: PlacedWarning[]): Map<string, Level> {
  const colour = new Map<string, Level>()
  for (const { warning } of placed) {
    const known = colour.get(warning.region)
    if (!known || rank(warning.level) < rank(known)) colour.set(warning.region, warning.level)
  }
  return colour
}

function paintCounties(map: MapLibre, placed: PlacedWarning[]): void {
  const colour = countyColour(placed)
  for (const level of LEVELS) {
    const codes = [...colour].filter(([, own]) => own === level).map(([code]) => code)
    for (const part of ['fill', 'line']) {
      const id = `${WARNINGS}:${part}-${level}`
      if (map.getLayer(id)) map.setFilter(id, ['in', ['get', 'adcode'], ['literal', codes]])
    }
  }
}

/** Warnings in force: the county in the level's colour, and a triangle with the numeral. */
export function registerWarnings(): void {
  registerLayer<PlacedWarning[]>({
    id: WARNINGS,
    word: 'alert.warning.layer',
    group: 'warning',
    add(map, theme) {
      const colour = mapColours(theme)
      for (const level of [...LEVELS].reverse()) {
        if (!map.hasImage(`${WARNINGS}:${level}`)) {
          map.addImage(`${WARNINGS}:${level}`, drawSign(level), { pixelRatio: 2 })
        }
        if (!map.getSource('counties')) continue
        const none = ['in', ['get', 'adcode'], ['literal', []]] as never
        const fill = badges[key(level)].fill
        map.addLayer(
          {
            id: `${WARNINGS}:fill-${level}`,
            type: 'fill',
            source: 'counties',
            filter: none,
            paint: { 'fill-color': fill, 'fill-opacity': tokens.map['area-fill-alpha']['warning-county'] },
          },
          slot('areas'),
        )
        map.addLayer(
          {
            id: `${WARNINGS}:line-${level}`,
            type: 'line',
            source: 'counties',
            filter: none,
            paint: { 'line-color': fill, 'line-width': tokens.map['line-width']['warning-area'] },
          },
          slot('areas'),
        )
      }
      map.addSource(`${WARNINGS}:signs`, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
      map.addLayer(
        {
          id: `${WARNINGS}:signs`,
          type: 'symbol',
          source: `${WARNINGS}:signs`,
          layout: {
            'icon-image': ['concat', `${WARNINGS}:`, ['get', 'level']],
            'icon-allow-overlap': true,
            'icon-ignore-placement': true,
            'symbol-sort-key': ['-', 0, ['get', 'rank']],
          },
        },
        slot('signs'),
      )
      map.addLayer(
        {
          id: `${WARNINGS}:names`,
          type: 'symbol',
          source: `${WARNINGS}:signs`,
          layout: {
            'text-field': ['get', 'title'],
            'text-font': FONTS,
            'text-size': 13,
            'text-max-width': 40,
            'text-anchor': 'top',
            'text-offset': [0, 1.3],
            'symbol-sort-key': ['get', 'rank'],
          },
          paint: { 'text-color': colour.label, 'text-halo-color': colour.halo, 'text-halo-width': 2.5 },
        },
        slot('labels'),
      )
    },
    update(map, placed) {
      paintCounties(map, placed)
      map.getSource<GeoJSONSource>(`${WARNINGS}:signs`)?.setData(signs(placed))
    },
    pick(map, at) {
      if (!map.getLayer(`${WARNINGS}:signs`)) return null
      const hit = map.queryRenderedFeatures(at, { layers: [`${WARNINGS}:signs`] })[0]
      return typeof hit?.properties.id === 'string' ? hit.properties.id : null
    },
  })
}
