import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api } from '@/api/client'
import type { Schema } from '@/api/schema'
import { syncClock } from '../clock'
import { baseOf, worldName } from './name'

export type World = Schema['WorldView']

export const listWorlds = (signal?: AbortSignal) => api.all<World>('/worlds', {}, signal)

export const openDrill = async (key: string, name: string, purpose: string): Promise<World> =>
  (await api.post<World>('/worlds', { name, kind: 'drill', purpose } satisfies Schema['OpenWorld'], { key })).body

/** `until` is RFC 3339: the moment up to which what was known then is shown. */
export const openPast = async (key: string, name: string, until: string): Promise<World> =>
  (await api.post<World>('/worlds', { name, kind: 'past', until } satisfies Schema['OpenWorld'], { key })).body

export const closeWorld = (key: string, name: string) => api.delete(`/worlds/${name}`, { key })

/** Loads the pages of a world anew; `null` is the real one. */
export function enter(name: string | null, path = ''): void {
  location.assign(baseOf(name) + path)
}

/** The world of this page and its clock (`GET /api/clock`); in the real world there is nothing to know. */
export const useWorld = defineStore('world', () => {
  const view = ref<World | null>(null)
  const kind = computed<'drill' | 'past' | null>(() => (view.value === null || view.value.kind === 'real' ? null : view.value.kind))

  function take(world: World): World {
    view.value = world
    syncClock(world.now, world.rate)
    return world
  }
  const load = async (): Promise<World> => take(await api.get<World>('/clock'))

  /** Sets a drill's clock: its pace from 0 to 600, a later moment, or both. */
  const steer = async (key: string, to: Schema['Steer']): Promise<World> =>
    take((await api.post<World>('/clock', to, { key })).body)

  return { name: worldName, view, kind, load, steer }
})
