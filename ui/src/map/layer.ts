import type { Map as MapLibre, PointLike } from 'maplibre-gl'
import { reactive, shallowReactive } from 'vue'
import type { Theme } from '@/app/preferences'
import { serverNow } from '@/app/clock'

/** Places in the stack, from below: `map.addLayer(layer, slot('areas'))`. Labels lie on top of all. */
export type Slot = 'areas' | 'points' | 'signs' | 'labels'

/** The id of the anchor below which a layer of that slot is added. */
export const slot = (name: Slot): string => `slot:${name}`

/**
 * What a slice gives to the one map.
 *
 * - `add` puts its sources and style layers on the map; their ids start with `ID:`.
 *   It is called again after a change of theme and after a lost GL context.
 * - `update` shows new data; the latest data are kept and shown again after `add`.
 * - `pick` names what lies at a point of the screen, nearest first in mind.
 */
export interface MapLayer<Data = unknown> {
  id: string
  /** Key of its name in the layer panel. */
  word: string
  /** `page`: of one page, which alone shows it and empties it when it goes. */
  group: 'monitor' | 'risk' | 'warning' | 'page'
  /**
   * What keeps its data fresh. `facts` (by default): they are as old as the live
   * connection's last word. `readings`: as old as the newest reading, every `period` s.
   */
  driven?: { by: 'facts' } | { by: 'readings'; period: number }
  add: (map: MapLibre, theme: Theme) => void
  update: (map: MapLibre, data: Data) => void
  show?: (map: MapLibre, visible: boolean) => void
  pick?: (map: MapLibre, at: PointLike) => string | null
}

export interface Registered {
  layer: MapLayer
  visible: boolean
  /** How many things it shows, and since when (server ms); `null` before the first data. */
  count: number | null
  at: number | null
  data: unknown
}

/** Every layer that slices registered, by id, in the order of registration. */
export const registered = shallowReactive(new Map<string, Registered>())

type Changed = (entry: Registered, what: 'added' | 'data' | 'visible') => void
let changed: Changed = () => {}

/** Used by the map itself to follow the registry. */
export function onLayerChange(handler: Changed): void {
  changed = handler
}

/** Registers a slice's layer; again with the same id does nothing. */
export function registerLayer<Data>(layer: MapLayer<Data>): void {
  if (registered.has(layer.id)) return
  const entry = reactive<Registered>({
    layer: layer as MapLayer,
    visible: true,
    count: null,
    at: null,
    data: undefined,
  }) as Registered
  registered.set(layer.id, entry)
  changed(entry, 'added')
}

/**
 * Shows `data` in a registered layer.
 *
 * - `count`: how many things that is, for the layer panel.
 * - `at`: the time of the data in server ms; now by default.
 */
export function publish<Data>(id: string, data: Data, count: number, at: number = serverNow()): void {
  const entry = registered.get(id)
  if (!entry) throw new Error(`map layer is ${id}, expected one that was registered`)
  entry.data = data
  entry.count = count
  entry.at = at
  changed(entry, 'data')
}

export function setVisible(id: string, visible: boolean): void {
  const entry = registered.get(id)
  if (!entry || entry.visible === visible) return
  entry.visible = visible
  changed(entry, 'visible')
}
