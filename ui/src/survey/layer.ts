import type { GeoJSONSource } from 'maplibre-gl'
import { registerLayer, slot } from '@/map/layer'
import { FONTS, mapColours } from '@/map/style'
import type { State } from './model'
import type { SiteKind } from './site/api'

export const SOURCES = 'sources'

/** What a diamond on the map stands for: an enterprise, or a site of one. */
export interface Placed {
  id: string
  noun: 'enterprise' | 'site'
  kind: SiteKind | 'enterprise'
  name: string
  state: State
  at: [lon: number, lat: number]
}

export interface SourcesOnMap {
  placed: Placed[]
  selected: string | null
}

/** One sign for each kind, as on paper maps: readable without colour, which means level. */
const SIGNS: Record<Placed['kind'], string> = { enterprise: '企', mine: '矿', pond: '尾', hazard_source: '危', tank: '罐', fireworks_building: '爆' }
const KINDS = Object.keys(SIGNS) as Placed['kind'][]

/** A diamond with its sign; hollow and dashed while it does not work. */
function drawDiamond(kind: Placed['kind'], idle: boolean): ImageData {
  const ratio = 2
  const size = 26
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = size * ratio
  const pen = canvas.getContext('2d')!
  pen.scale(ratio, ratio)
  pen.lineJoin = 'round'
  const middle = size / 2
  const shape = new Path2D(`M${middle} 2 L${size - 2} ${middle} L${middle} ${size - 2} L2 ${middle}z`)
  pen.strokeStyle = '#0B1524'
  pen.lineWidth = 3.5
  pen.stroke(shape)
  pen.fillStyle = idle ? '#12233A' : '#E6EEF8'
  pen.fill(shape)
  pen.strokeStyle = idle ? '#E6EEF8' : '#0B1524'
  pen.lineWidth = 1.2
  if (idle) pen.setLineDash([2, 2])
  pen.stroke(shape)
  pen.fillStyle = idle ? '#E6EEF8' : '#0B1524'
  pen.font = "700 11px 'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.fillText(SIGNS[kind], middle, middle + 0.5)
  return pen.getImageData(0, 0, canvas.width, canvas.height)
}

const image = (kind: Placed['kind'], idle: boolean): string => `${SOURCES}:${kind}${idle ? '-idle' : ''}`

/** Enterprises and what is dangerous there as diamonds; names from the zoom at which they have room. */
export function registerSources(): void {
  registerLayer<SourcesOnMap>({
    id: SOURCES,
    word: 'survey.layer',
    group: 'risk',
    add(map, theme) {
      const colour = mapColours(theme)
      for (const kind of KINDS) {
        for (const idle of [false, true]) {
          if (!map.hasImage(image(kind, idle))) map.addImage(image(kind, idle), drawDiamond(kind, idle), { pixelRatio: 2 })
        }
      }
      map.addSource(`${SOURCES}:signs`, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
      map.addLayer(
        {
          id: `${SOURCES}:diamonds`,
          type: 'symbol',
          source: `${SOURCES}:signs`,
          layout: {
            'icon-image': ['get', 'image'],
            // Small over the province, whole over a county.
            'icon-size': ['interpolate', ['linear'], ['zoom'], 6, 0.55, 9, 1],
            'icon-allow-overlap': true,
            'icon-ignore-placement': true,
            'symbol-sort-key': ['get', 'order'],
          },
        },
        slot('signs'),
      )
      map.addLayer(
        {
          id: `${SOURCES}:names`,
          type: 'symbol',
          source: `${SOURCES}:signs`,
          filter: ['any', ['>=', ['zoom'], 10], ['get', 'selected']],
          layout: {
            'text-field': ['get', 'name'],
            'text-font': FONTS,
            'text-size': 12,
            'text-variable-anchor': ['top', 'bottom', 'left', 'right'],
            'text-radial-offset': 1.2,
            'text-max-width': 12,
          },
          paint: { 'text-color': colour.label, 'text-halo-color': colour.halo, 'text-halo-width': 2.5 },
        },
        slot('labels'),
      )
    },
    update(map, { placed, selected }) {
      map.getSource<GeoJSONSource>(`${SOURCES}:signs`)?.setData({
        type: 'FeatureCollection',
        features: placed.map(({ id, noun, kind, name, state, at }) => ({
          type: 'Feature',
          properties: {
            id,
            noun,
            name,
            image: image(kind, state !== 'operating'),
            selected: id === selected,
            order: KINDS.indexOf(kind),
          },
          geometry: { type: 'Point', coordinates: at },
        })),
      })
    },
    pick(map, at) {
      if (!map.getLayer(`${SOURCES}:diamonds`)) return null
      const hit = map.queryRenderedFeatures(at, { layers: [`${SOURCES}:diamonds`] })[0]
      return typeof hit?.properties.id === 'string' ? hit.properties.id : null
    },
  })
}
