import type { ExpressionSpecification, FilterSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'
import tokens from '@/theme/tokens.json'
import type { Language, Theme } from '@/app/preferences'
import type { BaseLayer, Region } from './api'
import { slot } from './layer'

/** Local fonts in order; the style has no glyph server, so the browser draws every label. */
export const FONTS = ['Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', 'sans-serif']
/** MapLibre takes the weight from the first name of the list. */
export const BOLD = [`${FONTS[0]} Bold`, ...FONTS]

const widths = tokens.map['line-width']
const sizes = tokens.map.label

export const mapColours = (theme: Theme) => tokens.map[theme]
export const themeColours = (theme: Theme) => tokens.colour[theme]
export const badges = tokens.colour.badge

/** Parts of the base map that can be switched, by the ids of their style layers. */
export const BASE_PARTS = {
  relief: ['relief', 'veil'],
  water: ['rivers_minor', 'rivers', 'lakes'],
  boundaries: ['counties', 'prefectures', 'province'],
  places: ['settlements', 'label-settlements'],
} as const
export type BasePart = keyof typeof BASE_PARTS

function sources(layers: BaseLayer[], regions: Region[], theme: Theme): Record<string, SourceSpecification> {
  const all: Record<string, SourceSpecification> = {
    regions: {
      type: 'geojson',
      data: {
        type: 'FeatureCollection',
        features: regions.flatMap((region) =>
          region.label === null
            ? []
            : [
                {
                  type: 'Feature' as const,
                  properties: { code: region.code, name: region.name, name_en: region.name_en, tier: region.tier },
                  geometry: { type: 'Point' as const, coordinates: region.label },
                },
              ],
        ),
      },
    },
  }
  for (const layer of layers) {
    if (layer.kind !== 'image') {
      all[layer.id] = { type: 'geojson', data: layer.url }
    } else if (layer.coordinates && layer.url.endsWith(theme)) {
      all.relief = { type: 'image', url: layer.url, coordinates: layer.coordinates }
    }
  }
  return all
}

const anchor = (name: 'areas' | 'points' | 'signs' | 'labels'): LayerSpecification => ({
  id: slot(name),
  type: 'background',
  layout: { visibility: 'none' },
})

/** Everything but the province: rivers run on in the data, and are not drawn beyond it. */
export function everythingBut(province: GeoJSON.FeatureCollection): GeoJSON.Feature {
  const holes = province.features.flatMap(({ geometry }) => {
    if (geometry.type === 'Polygon') return geometry.coordinates.slice(0, 1)
    if (geometry.type === 'MultiPolygon') return geometry.coordinates.flatMap((rings) => rings.slice(0, 1))
    return []
  })
  const world = [
    [-180, -85],
    [180, -85],
    [180, 85],
    [-180, 85],
    [-180, -85],
  ]
  return { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [world, ...holes] } }
}

/**
 * The base map as a style: relief, water, a mask over all that is not the province,
 * boundaries, the anchors of the slots, labels. A layer the server does not offer is left out.
 */
export function baseStyle(
  layers: BaseLayer[],
  regions: Region[],
  province: GeoJSON.FeatureCollection | null,
  theme: Theme,
  language: Language,
): StyleSpecification {
  const colour = mapColours(theme)
  const from = sources(layers, regions, theme)
  if (province) from.outside = { type: 'geojson', data: everythingBut(province), tolerance: 0.1 }
  const inside: FilterSpecification = province ? ['within', province] : true
  const name: ExpressionSpecification =
    language === 'en' ? ['coalesce', ['get', 'name_en'], ['get', 'name']] : ['get', 'name']
  const halo = { 'text-halo-color': colour.halo, 'text-halo-width': 2 }

  const line = (id: string, paint: string, width: number, minzoom = 0): LayerSpecification => ({
    id,
    type: 'line',
    source: id,
    minzoom,
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: { 'line-color': paint, 'line-width': width },
  })

  const stack: LayerSpecification[] = [
    { id: 'ground', type: 'background', paint: { 'background-color': colour.outside } },
    { id: 'land', type: 'fill', source: 'province', paint: { 'fill-color': colour.land } },
    {
      id: 'relief',
      type: 'raster',
      source: 'relief',
      paint: { 'raster-opacity': colour['relief-alpha'], 'raster-fade-duration': 0 },
    },
    { id: 'veil', type: 'fill', source: 'province', paint: { 'fill-color': colour.veil } },
    line('rivers_minor', colour.river, widths['river-minor'], 6.5),
    line('rivers', colour.river, widths['river-named']),
    { id: 'lakes', type: 'fill', source: 'lakes', paint: { 'fill-color': colour.lake } },
    { id: 'mask', type: 'fill', source: 'outside', paint: { 'fill-color': colour.outside } },
    line('counties', colour.county, widths.county),
    line('prefectures', colour.prefecture, widths.prefecture),
    line('province', colour.province, widths.province),
    anchor('areas'),
    {
      id: 'settlements',
      type: 'circle',
      source: 'settlements',
      minzoom: 8,
      paint: { 'circle-radius': 1.6, 'circle-color': colour['label-minor'] },
    },
    anchor('points'),
    anchor('signs'),
    {
      id: 'label-rivers',
      type: 'symbol',
      source: 'rivers',
      minzoom: 7.4,
      filter: inside,
      layout: {
        'symbol-placement': 'line',
        'text-field': name,
        'text-font': FONTS,
        'text-size': 12,
        'symbol-spacing': 420,
      },
      paint: { 'text-color': colour.river, ...halo },
    },
    {
      id: 'label-settlements',
      type: 'symbol',
      source: 'settlements',
      minzoom: 8.4,
      filter: inside,
      layout: {
        'text-field': name,
        'text-font': FONTS,
        'text-size': sizes.place,
        'text-anchor': 'top',
        'text-offset': [0, 0.4],
      },
      paint: { 'text-color': colour['label-minor'], ...halo },
    },
    {
      id: 'label-counties',
      type: 'symbol',
      source: 'regions',
      minzoom: sizes['county-from-zoom'],
      filter: ['==', ['get', 'tier'], 'county'],
      layout: { 'text-field': name, 'text-font': FONTS, 'text-size': sizes.county },
      paint: { 'text-color': colour.label, ...halo },
    },
    {
      id: 'label-prefectures',
      type: 'symbol',
      source: 'regions',
      maxzoom: 8.2,
      filter: ['==', ['get', 'tier'], 'city'],
      layout: {
        'text-field': name,
        'text-font': BOLD,
        'text-size': sizes.prefecture,
        'text-letter-spacing': 0.13,
        'text-padding': 4,
      },
      paint: { 'text-color': colour.label, 'text-halo-color': colour.halo, 'text-halo-width': sizes['halo-width'] },
    },
    anchor('labels'),
  ]
  return {
    version: 8,
    sources: from,
    layers: stack.filter((layer) => !('source' in layer) || String(layer.source) in from),
  }
}
