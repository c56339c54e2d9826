import { defineStore } from 'pinia'
import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import { api } from '@/api/client'
import type { Schema } from '@/api/schema'
import { nodeNow } from './clock'
import { useLive } from './live'

/** How full the disk is, and what the node therefore refuses. */
export type Disk = Schema['Disk']

/** The disk is no fact, so nothing live tells of it. */
const EVERY_MS = 15_000

/** What the node last said of its disk: on every page by `useDiskWatch`, at the desk with the desk. */
export const useDisk = defineStore('disk', () => {
  const current = shallowRef<Disk | null>(null)
  /** By the node's clock, in ms. */
  const toldAt = ref<number | null>(null)

  function take(disk: Disk): void {
    current.value = disk
    toldAt.value = nodeNow()
  }

  /** All worlds of a node share one disk, so the real one is asked. */
  const load = async (): Promise<void> => take(await api.real<Disk>('/disk'))

  return { current, toldAt, take, load }
})

/** Asks as long as the component lives. A failed question leaves the last answer, with its time. */
export function useDiskWatch(): void {
  const disk = useDisk()
  const ask = (): void => void disk.load().catch(() => {})
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') ask()
  }, EVERY_MS)
  const stop = useLive().onReset(ask)
  onScopeDispose(() => {
    clearInterval(timer)
    stop()
  })
  ask()
}

/** Takes over what a page was told besides. */
export function useDiskOf(source: () => Disk | null | undefined): void {
  const disk = useDisk()
  watch(source, (told) => told && disk.take(told), { immediate: true })
}
