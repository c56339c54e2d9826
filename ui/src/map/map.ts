import { Map as MapLibre, setWorkerUrl, type LngLatBoundsLike } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import { ref, shallowRef, watch } from 'vue'
import { language, motion, theme } from '@/app/preferences'
import { listBaseLayers, listRegions, loadShapes, type BaseLayer } from './api'
import { onLayerChange, registered, type Registered } from './layer'
import { magnification } from './magnify'
import { BASE_PARTS, baseStyle, type BasePart } from './style'

// MapLibre 6 loads its worker from an address that no bundler sees by itself;
// without this the build is green and the map is blank.
setWorkerUrl(workerUrl)

declare global {
  interface Window {
    /** The one map, for tests and for support. */
    __map?: MapLibre
  }
}

// A wide screen sees more degrees than the province has; what lies outside it stays empty.
const LIMITS: LngLatBoundsLike = [
  [116.0, 39.0],
  [137.0, 48.2],
]
export const PROVINCE: [number, number, number, number] = [121.64, 40.86, 131.31, 46.3]

const container = document.createElement('div')
container.className = 'the-map'
container.style.cssText = 'position:absolute;inset:0'

/** The map once it exists; it lives as long as the page and moves between views. */
export const map = shallowRef<MapLibre | null>(null)
export const baseLayers = shallowRef<BaseLayer[]>([])
/** Which parts of the base map are switched off. */
export const hiddenParts = ref(new Set<BasePart>())
/** Ids of the slices' layers that the present view shows; `null` for all. */
const wanted = shallowRef<readonly string[] | null>(null)

let making: Promise<MapLibre> | null = null

const shown = (entry: Registered): boolean =>
  entry.visible && (wanted.value === null || wanted.value.includes(entry.layer.id))

function reveal(live: MapLibre, entry: Registered): void {
  const { layer } = entry
  const visibility = shown(entry) ? 'visible' : 'none'
  layer.show?.(live, shown(entry))
  for (const style of live.getStyle().layers) {
    if (style.id.startsWith(`${layer.id}:`)) live.setLayoutProperty(style.id, 'visibility', visibility)
  }
}

/** What the layers ask for on a desk, by the ids of their style layers; bounded by their number. */
const asked = new Map<string, { text: number | null; icon: number }>()

/** Draws words and signs as large as the present view wants; sizes that are expressions keep theirs. */
function magnify(live: MapLibre): void {
  for (const style of live.getStyle().layers) {
    if (style.type !== 'symbol') continue
    let own = asked.get(style.id)
    if (!own) {
      const text = style.layout?.['text-size']
      const icon = style.layout?.['icon-size']
      own = { text: typeof text === 'number' ? text : null, icon: typeof icon === 'number' ? icon : 1 }
      asked.set(style.id, own)
    }
    if (own.text !== null) live.setLayoutProperty(style.id, 'text-size', own.text * magnification.value)
    if (style.layout?.['icon-image'] !== undefined) live.setLayoutProperty(style.id, 'icon-size', own.icon * magnification.value)
  }
  live.triggerRepaint()
}

function install(live: MapLibre, entry: Registered): void {
  entry.layer.add(live, theme.value)
  if (entry.data !== undefined) entry.layer.update(live, entry.data)
  reveal(live, entry)
}

function installAll(live: MapLibre): void {
  for (const entry of registered.values()) install(live, entry)
  for (const part of hiddenParts.value) showPart(part, false)
  if (magnification.value !== 1) magnify(live)
}

/** Waits for what the style needs and builds the map; a failure may be tried again. */
async function make(): Promise<MapLibre> {
  const [layers, regions] = await Promise.all([listBaseLayers(), listRegions()])
  const outline = layers.find((layer) => layer.id === 'province')
  const province = outline ? await loadShapes(outline) : null
  const style = () => baseStyle(layers, regions, province, theme.value, language.value)
  baseLayers.value = layers
  const live = new MapLibre({
    container,
    style: style(),
    bounds: PROVINCE,
    fitBoundsOptions: { padding: 24 },
    maxBounds: LIMITS,
    minZoom: 4.5,
    maxZoom: 17,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: motion ? 150 : 0,
  })
  live.touchZoomRotate.disableRotation()
  window.__map = live
  await new Promise<void>((resolve) => live.once('style.load', () => resolve()))
  map.value = live
  // Between a change of style and its `style.load` nothing may be added; then all of it is.
  let styled = true
  installAll(live)
  live.on('style.load', () => {
    styled = true
    installAll(live)
  })
  const restyle = (): void => {
    styled = false
    live.setStyle(style(), { diff: false })
  }
  watch([theme, language], restyle)
  // MapLibre brings its own layers back after a lost context, but not custom ones.
  live.on('webglcontextrestored', restyle)

  onLayerChange((entry, what) => {
    if (!styled) return
    if (what === 'added') {
      install(live, entry)
      if (magnification.value !== 1) magnify(live)
    }
    else if (what === 'data') entry.layer.update(live, entry.data)
    else reveal(live, entry)
  })
  watch(magnification, () => {
    if (styled) magnify(live)
  })
  watch(wanted, () => {
    if (!styled) return
    for (const entry of registered.values()) reveal(live, entry)
  })
  return live
}

/**
 * Moves the map into `place`, building it on first use.
 *
 * - `layers`: ids of the slices' layers to show here; `null` for all.
 * - Returns what takes it out again. It then keeps its camera and its data.
 */
export async function mountMap(
  place: HTMLElement,
  layers: readonly string[] | null,
): Promise<{ live: MapLibre; leave: () => void }> {
  place.append(container)
  wanted.value = layers
  making ??= make().catch((thrown: unknown) => {
    making = null
    throw thrown
  })
  const live = await making
  live.resize()
  return {
    live,
    leave: () => {
      if (container.parentElement === place) container.remove()
    },
  }
}

export function showPart(part: BasePart, visible: boolean): void {
  const hidden = new Set(hiddenParts.value)
  if (visible) hidden.delete(part)
  else hidden.add(part)
  hiddenParts.value = hidden
  for (const id of BASE_PARTS[part]) {
    if (map.value?.getLayer(id)) map.value.setLayoutProperty(id, 'visibility', visible ? 'visible' : 'none')
  }
}

/** Whether this browser can draw the map at all (WebGL 2). */
export function canDraw(): boolean {
  return document.createElement('canvas').getContext('webgl2') !== null
}
