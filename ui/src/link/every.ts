import { onScopeDispose } from 'vue'
import { useRefresh } from '@/app/refresh'

const EVERY_MS = 10_000

/**
 * Fetches again when a fact of one of `kinds` arrives, and every ten seconds while the
 * page is seen: working state, such as the steps of an errand, is no fact.
 */
export function useEvery(reload: () => Promise<void>, kinds: string[]): void {
  useRefresh(kinds, reload)
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') void reload()
  }, EVERY_MS)
  onScopeDispose(() => clearInterval(timer))
}
