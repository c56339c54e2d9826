import { onScopeDispose } from 'vue'
import { useFacts, type LiveFact } from '@/app/live'

/** Facts come in bursts; the first is shown at once, the rest of a burst together. */
const BURST_MS = 400

/**
 * Fetches again when a fact of one of `kinds` arrives (see `useFacts`).
 *
 * - `matters`: whether a fact touches what is shown; by default every one does.
 */
export function useRefresh(
  kinds: string[],
  reload: () => Promise<void>,
  matters: (fact: LiveFact) => boolean = () => true,
): void {
  let waiting: ReturnType<typeof setTimeout> | null = null
  let again = false

  function settle(): void {
    waiting = null
    if (again) fetch()
  }
  function fetch(): void {
    again = false
    void reload()
    waiting = setTimeout(settle, BURST_MS)
  }
  useFacts(kinds, (fact) => {
    if (!matters(fact)) return
    if (waiting === null) fetch()
    else again = true
  })
  onScopeDispose(() => {
    if (waiting !== null) clearTimeout(waiting)
  })
}
