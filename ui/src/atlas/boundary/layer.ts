import type { GeoJSONSource } from 'maplibre-gl'
import { publish, registerLayer, slot } from '@/map/layer'
import { themeColours } from '@/map/style'
import type { Drawing } from './api'

export const BOUNDARIES = 'boundaries-looked-at'
type Lines = Drawing['features'][number]['new']

const collection = (drawing: Drawing | null, which: 'new' | 'old') => ({
  type: 'FeatureCollection' as const,
  features: (drawing?.features ?? [])
    .filter((feature) => feature[which].length > 0)
    .map((feature) => ({
      type: 'Feature' as const,
      properties: { code: feature.code },
      geometry: { type: 'MultiLineString' as const, coordinates: feature[which] satisfies Lines },
    })),
})

/** Outlines of a file, drawn whole over those that stand, which are dashed. */
export function registerBoundaries(): void {
  registerLayer<Drawing | null>({
    id: BOUNDARIES,
    word: 'atlas.boundary.title',
    group: 'page',
    add(map, theme) {
      const colour = themeColours(theme)
      for (const which of ['old', 'new'] as const) {
        map.addSource(`${BOUNDARIES}:${which}`, { type: 'geojson', data: collection(null, which) })
      }
      map.addLayer({ id: `${BOUNDARIES}:old`, type: 'line', source: `${BOUNDARIES}:old`, paint: { 'line-color': colour.text, 'line-width': 1.5, 'line-dasharray': [3, 2] } }, slot('areas'))
      map.addLayer({ id: `${BOUNDARIES}:new`, type: 'line', source: `${BOUNDARIES}:new`, layout: { 'line-join': 'round' }, paint: { 'line-color': colour.accent, 'line-width': 2 } }, slot('areas'))
    },
    update(map, drawing) {
      for (const which of ['old', 'new'] as const) {
        map.getSource<GeoJSONSource>(`${BOUNDARIES}:${which}`)?.setData(collection(drawing, which))
      }
    },
  })
}

export const showBoundaries = (drawing: Drawing | null): void => publish<Drawing | null>(BOUNDARIES, drawing, drawing?.features.length ?? 0)
