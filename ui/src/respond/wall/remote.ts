import { onScopeDispose, ref, type Ref } from 'vue'
import { worldName } from '@/app/world/name'
import { sceneOf, type Scene } from './model'

/** Walls and desks of one browser hear each other here; another world is another channel. */
const NAME = `fengsui.wall.${worldName ?? ''}`
/** A wall says so often that it is there; three missed words and the desk calls it gone. */
const SAYS_EVERY_MS = 2_000
const GONE_AFTER_MS = 7_000

type Word = { is: 'here'; scene: Scene } | { is: 'gone' } | { is: 'show'; scene: Scene }

/** What came over the channel, as far as it is one of our words. */
export function read(data: unknown): Word | null {
  if (typeof data !== 'object' || data === null) return null
  const { is, scene } = data as { is?: unknown; scene?: unknown }
  if (is === 'gone') return { is }
  const named = sceneOf(scene)
  return named !== null && (is === 'here' || is === 'show') ? { is, scene: named } : null
}

const open = (): BroadcastChannel | null => ('BroadcastChannel' in window ? new BroadcastChannel(NAME) : null)

/** The wall's end: says which scene it shows, and shows what a desk asks for. */
export function useWallEnd(scene: () => Scene, show: (scene: Scene) => void): { say: () => void } {
  const channel = open()
  const say = (): void => channel?.postMessage({ is: 'here', scene: scene() } satisfies Word)
  channel?.addEventListener('message', ({ data }) => {
    const word = read(data)
    if (word?.is === 'show') show(word.scene)
  })
  const timer = setInterval(say, SAYS_EVERY_MS)
  say()
  onScopeDispose(() => {
    clearInterval(timer)
    channel?.postMessage({ is: 'gone' } satisfies Word)
    channel?.close()
  })
  return { say }
}

/** The desk's end: the scene that the wall shows, `null` while no wall is open in this browser. */
export function useDeskEnd(): { scene: Readonly<Ref<Scene | null>>; show: (scene: Scene) => void } {
  const channel = open()
  const scene = ref<Scene | null>(null)
  let gone: ReturnType<typeof setTimeout> | null = null
  const forget = (): void => {
    if (gone !== null) clearTimeout(gone)
    gone = null
    scene.value = null
  }
  channel?.addEventListener('message', ({ data }) => {
    const word = read(data)
    if (word?.is === 'gone') forget()
    if (word?.is !== 'here') return
    scene.value = word.scene
    if (gone !== null) clearTimeout(gone)
    gone = setTimeout(forget, GONE_AFTER_MS)
  })
  onScopeDispose(() => {
    forget()
    channel?.close()
  })
  return { scene, show: (wanted) => channel?.postMessage({ is: 'show', scene: wanted } satisfies Word) }
}
