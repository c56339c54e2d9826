import type { GeoJSONSource } from 'maplibre-gl'
import { registerLayer, slot } from '@/map/layer'
import { FONTS, mapColours } from '@/map/style'

export const INCIDENTS = 'incidents'

/** An incident with the place of its sign. */
export interface PlacedIncident {
  id: string
  label: string
  at: [lon: number, lat: number]
}

/** A flag on its pole, light with a dark edge; its foot is the place. */
function drawFlag(): ImageData {
  const ratio = 2
  const canvas = document.createElement('canvas')
  canvas.width = 28 * ratio
  canvas.height = 32 * ratio
  const pen = canvas.getContext('2d')!
  pen.scale(ratio, ratio)
  pen.lineJoin = 'round'
  pen.lineCap = 'round'
  const pole = new Path2D('M7 30V3')
  const flag = new Path2D('M7 4H23L18 9.5L23 15H7z')
  for (const [colour, width] of [
    ['#0B1524', 5],
    ['#FFFFFF', 2],
  ] as const) {
    pen.strokeStyle = colour
    pen.lineWidth = width
    pen.stroke(pole)
    pen.stroke(flag)
  }
  pen.fillStyle = '#FFFFFF'
  pen.fill(flag)
  pen.strokeStyle = '#0B1524'
  pen.lineWidth = 1
  pen.stroke(flag)
  return pen.getImageData(0, 0, canvas.width, canvas.height)
}

/** Incidents as flags with number and name. */
export function registerIncidents(): void {
  registerLayer<PlacedIncident[]>({
    id: INCIDENTS,
    word: 'respond.incident.layer',
    group: 'warning',
    add(map, theme) {
      const colour = mapColours(theme)
      if (!map.hasImage(`${INCIDENTS}:flag`)) map.addImage(`${INCIDENTS}:flag`, drawFlag(), { pixelRatio: 2 })
      map.addSource(`${INCIDENTS}:signs`, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
      map.addLayer(
        {
          id: `${INCIDENTS}:flags`,
          type: 'symbol',
          source: `${INCIDENTS}:signs`,
          layout: {
            'icon-image': `${INCIDENTS}:flag`,
            'icon-anchor': 'bottom-left',
            'icon-offset': [-7, 2],
            'icon-allow-overlap': true,
            'icon-ignore-placement': true,
          },
        },
        slot('signs'),
      )
      map.addLayer(
        {
          id: `${INCIDENTS}:names`,
          type: 'symbol',
          source: `${INCIDENTS}:signs`,
          layout: {
            'text-field': ['get', 'label'],
            'text-font': FONTS,
            'text-size': 13,
            'text-anchor': 'bottom-left',
            'text-offset': [1.6, -1],
            'text-justify': 'left',
            // Of several at one place one is named; the list beside the map names them all.
            'text-allow-overlap': false,
          },
          paint: { 'text-color': colour.label, 'text-halo-color': colour.halo, 'text-halo-width': 2.5 },
        },
        slot('labels'),
      )
    },
    update(map, placed) {
      map.getSource<GeoJSONSource>(`${INCIDENTS}:signs`)?.setData({
        type: 'FeatureCollection',
        features: placed.map(({ id, label, at }) => ({
          type: 'Feature',
          properties: { id, label },
          geometry: { type: 'Point', coordinates: at },
        })),
      })
    },
    pick(map, at) {
      if (!map.getLayer(`${INCIDENTS}:flags`)) return null
      const hit = map.queryRenderedFeatures(at, { layers: [`${INCIDENTS}:flags`] })[0]
      return typeof hit?.properties.id === 'string' ? hit.properties.id : null
    },
  })
}
