import type { GeoJSONSource } from 'maplibre-gl'
import { publish, registerLayer, slot } from '@/map/layer'
import { FONTS, mapColours, themeColours } from '@/map/style'
import { roman, type Place, type Ring } from './model'

export const QUAKE = 'earthquake'

/** What is drawn of one earthquake. */
export interface DrawnQuake {
  epicentre: Place
  rings: Ring[]
  /** Sites and stations where it shook. */
  exposed: { id: string; name: string; point: Place }[]
}

const features = (all: GeoJSON.Feature[]): GeoJSON.FeatureCollection => ({ type: 'FeatureCollection', features: all })

const lines = (drawn: DrawnQuake | null) =>
  features(
    (drawn?.rings ?? []).map(({ degree, surely, ring }) => ({
      type: 'Feature',
      properties: { degree, surely, name: `${roman(degree)}${surely ? '' : '?'}` },
      geometry: { type: 'LineString', coordinates: ring },
    })),
  )

const points = (drawn: DrawnQuake | null) =>
  features([
    ...(drawn?.exposed ?? []).map(({ name, point }) => ({
      type: 'Feature' as const,
      properties: { what: 'exposed', name },
      geometry: { type: 'Point' as const, coordinates: [point.lon, point.lat] },
    })),
    ...(drawn
      ? [{ type: 'Feature' as const, properties: { what: 'epicentre', name: '' }, geometry: { type: 'Point' as const, coordinates: [drawn.epicentre.lon, drawn.epicentre.lat] } }]
      : []),
  ])

/**
 * Isoseismals of one earthquake in the colour of text: the four colours are levels and
 * nothing else. The higher the degree the thicker its line; surely whole, perhaps dashed.
 */
export function registerQuake(): void {
  registerLayer<DrawnQuake | null>({
    id: QUAKE,
    word: 'sense.quake.layer',
    group: 'page',
    add(map, theme) {
      const colour = themeColours(theme)
      const { label, halo } = mapColours(theme)
      map.addSource(`${QUAKE}:lines`, { type: 'geojson', data: lines(null) })
      map.addSource(`${QUAKE}:points`, { type: 'geojson', data: points(null) })
      const width = ['interpolate', ['linear'], ['get', 'degree'], 5, 1.25, 9, 4] as never
      for (const surely of [false, true]) {
        map.addLayer(
          {
            id: `${QUAKE}:${surely ? 'surely' : 'perhaps'}`,
            type: 'line',
            source: `${QUAKE}:lines`,
            filter: ['==', ['get', 'surely'], surely],
            layout: { 'line-join': 'round' },
            paint: { 'line-color': colour.text, 'line-width': width, ...(surely ? {} : { 'line-dasharray': [3, 2] }) },
          },
          slot('areas'),
        )
      }
      map.addLayer(
        {
          id: `${QUAKE}:degrees`,
          type: 'symbol',
          source: `${QUAKE}:lines`,
          layout: { 'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-font': FONTS, 'text-size': 14, 'symbol-spacing': 320 },
          paint: { 'text-color': label, 'text-halo-color': halo, 'text-halo-width': 2.5 },
        },
        slot('labels'),
      )
      map.addLayer(
        {
          id: `${QUAKE}:exposed`,
          type: 'circle',
          source: `${QUAKE}:points`,
          filter: ['==', ['get', 'what'], 'exposed'],
          paint: { 'circle-radius': 4, 'circle-color': colour.accent, 'circle-stroke-color': halo, 'circle-stroke-width': 1.5 },
        },
        slot('points'),
      )
      map.addLayer(
        {
          id: `${QUAKE}:epicentre`,
          type: 'symbol',
          source: `${QUAKE}:points`,
          filter: ['==', ['get', 'what'], 'epicentre'],
          layout: { 'text-field': '✕', 'text-font': FONTS, 'text-size': 26, 'text-allow-overlap': true, 'text-ignore-placement': true },
          paint: { 'text-color': colour.text, 'text-halo-color': halo, 'text-halo-width': 2.5 },
        },
        slot('signs'),
      )
    },
    update(map, drawn) {
      map.getSource<GeoJSONSource>(`${QUAKE}:lines`)?.setData(lines(drawn))
      map.getSource<GeoJSONSource>(`${QUAKE}:points`)?.setData(points(drawn))
    },
  })
}

export const showQuake = (drawn: DrawnQuake | null): void => publish<DrawnQuake | null>(QUAKE, drawn, drawn ? 1 : 0)
