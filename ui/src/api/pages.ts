import { computed, ref, watch, type ComputedRef } from 'vue'
import type { Page } from './client'
import { useLoad, type Load } from './load'

export interface Pages<Answer extends Page<unknown>> {
  load: Load<Answer>
  items: ComputedRef<Answer['items']>
  /** Which page is shown: 1 is the newest. */
  nth: ComputedRef<number>
  hasNewer: ComputedRef<boolean>
  hasOlder: ComputedRef<boolean>
  newer: () => void
  older: () => void
}

/**
 * A list that grows for ever, such as what has ended: one page of it at a time, so that
 * a refresh asks for that page only, however long the history is.
 *
 * - `source` gives the filter; `null` means that there is nothing to load. Another filter
 *   begins at the newest page.
 */
export function usePages<Answer extends Page<unknown>, Filter>(
  source: () => Filter | null,
  fetcher: (filter: Filter, cursor: string | null, signal: AbortSignal) => Promise<Answer>,
): Pages<Answer> {
  /** The cursors of the pages walked so far; the last is shown. */
  const walked = ref<(string | null)[]>([null])
  watch(
    () => JSON.stringify(source()),
    () => (walked.value = [null]),
    { flush: 'sync' },
  )
  const load = useLoad(
    () => {
      const filter = source()
      return filter === null ? null : { filter, cursor: walked.value.at(-1) ?? null }
    },
    ({ filter, cursor }, signal) => fetcher(filter, cursor, signal),
  )
  const next = computed(() => load.data.value?.next ?? null)
  return {
    load,
    items: computed(() => load.data.value?.items ?? []),
    nth: computed(() => walked.value.length),
    hasNewer: computed(() => walked.value.length > 1),
    hasOlder: computed(() => next.value !== null),
    newer() {
      if (walked.value.length > 1) walked.value = walked.value.slice(0, -1)
    },
    older() {
      if (next.value !== null) walked.value = [...walked.value, next.value]
    },
  }
}
