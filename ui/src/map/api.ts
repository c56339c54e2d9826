import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** A division of the country as the map and the pickers need it (`GET /api/regions`). */
export type Region = Schema['Region']

/** A layer of the base map with its credit (`GET /api/map/layers`). */
export interface BaseLayer {
  id: string
  name: string
  name_en: string | null
  kind: 'fill' | 'line' | 'point' | 'image'
  url: string
  source: string
  licence: string
  edition: string
  coordinates?: [[number, number], [number, number], [number, number], [number, number]]
}

const once = <Answer>(ask: () => Promise<Answer>): (() => Promise<Answer>) => {
  let answer: Promise<Answer> | null = null
  return () => {
    answer ??= ask().catch((thrown: unknown) => {
      answer = null
      throw thrown
    })
    return answer
  }
}

// Both change only with a release or an import, so one answer serves the whole page.
const listOf = async <Item>(path: string): Promise<Item[]> => (await api.get<Page<Item>>(path)).items

export const listRegions = once(() => listOf<Region>('/regions'))
export const listBaseLayers = once(() => listOf<BaseLayer>('/map/layers'))

/** The shapes of one base layer; the map itself fetches those that it only draws. */
export async function loadShapes(layer: BaseLayer): Promise<GeoJSON.FeatureCollection> {
  return api.get<GeoJSON.FeatureCollection>(layer.url.replace(/^\/api/, ''))
}
