import { onScopeDispose } from 'vue'
import type { Load } from '@/api/load'
import { useRefresh } from '@/app/refresh'

const EVERY_MS = 10_000

/**
 * Fetches again when a fact of one of `kinds` arrives, and every ten seconds while the
 * page is seen: working state, such as the steps of an errand, is no fact. Who was told
 * that they may not see it is not asked for again, since each refusal is noted in the trail.
 */
export function useEvery(loads: Pick<Load<unknown>, 'reload' | 'error'>[], kinds: string[]): void {
  const reload = async (): Promise<void> => {
    const allowed = loads.filter(({ error }) => error.value?.status !== 403)
    await Promise.all(allowed.map((load) => load.reload()))
  }
  useRefresh(kinds, reload)
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') void reload()
  }, EVERY_MS)
  onScopeDispose(() => clearInterval(timer))
}
