import type { GeoJSONSource } from 'maplibre-gl'
import { numeral, rank } from '@/kit/level'
import { registerLayer, slot } from '@/map/layer'
import { badges, FONTS, mapColours } from '@/map/style'
import tokens from '@/theme/tokens.json'
import type { Received } from './api'

export const RECEIVED_AREAS = 'received'

/** The rings of one message, and its colour. */
export interface ReceivedOnMap {
  rings: number[][][]
  level: Received['level']
  name: string
}

function shapes({ rings, level, name }: ReceivedOnMap): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: rings.map((ring) => ({
      type: 'Feature',
      properties: { level: level ?? 'none', name: level ? `${numeral(level)} ${name}` : name },
      geometry: { type: 'Polygon', coordinates: [ring] },
    })),
  }
}

/** The areas of a received warning on the page that shows it: as drawn by who issued it. */
export function registerReceivedAreas(): void {
  registerLayer<ReceivedOnMap>({
    id: RECEIVED_AREAS,
    word: 'alert.received.layer',
    group: 'page',
    add(map, theme) {
      const colour = mapColours(theme)
      const levels = (['red', 'orange', 'yellow', 'blue'] as const).flatMap((level) => [
        level,
        badges[String(rank(level)) as '1' | '2' | '3' | '4'].fill,
      ])
      const paint = ['match', ['get', 'level'], ...levels, colour.label] as never
      map.addSource(`${RECEIVED_AREAS}:areas`, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
      map.addLayer(
        {
          id: `${RECEIVED_AREAS}:fill`,
          type: 'fill',
          source: `${RECEIVED_AREAS}:areas`,
          paint: { 'fill-color': paint, 'fill-opacity': tokens.map['area-fill-alpha']['warning-county'] },
        },
        slot('areas'),
      )
      map.addLayer(
        {
          id: `${RECEIVED_AREAS}:line`,
          type: 'line',
          source: `${RECEIVED_AREAS}:areas`,
          paint: { 'line-color': paint, 'line-width': tokens.map['line-width']['warning-area'] },
        },
        slot('areas'),
      )
      map.addLayer(
        {
          id: `${RECEIVED_AREAS}:names`,
          type: 'symbol',
          source: `${RECEIVED_AREAS}:areas`,
          layout: { 'text-field': ['get', 'name'], 'text-font': FONTS, 'text-size': 13 },
          paint: { 'text-color': colour.label, 'text-halo-color': colour.halo, 'text-halo-width': 2.5 },
        },
        slot('labels'),
      )
    },
    update(map, data) {
      map.getSource<GeoJSONSource>(`${RECEIVED_AREAS}:areas`)?.setData(shapes(data))
    },
  })
}
