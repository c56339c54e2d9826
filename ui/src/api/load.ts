import { computed, onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { useLive } from '@/app/live'
import { serverNow } from '@/app/clock'
import { asApiError, type ApiError } from './error'

/** The faces of a view that shows loaded data; `stale` is old data whose refresh failed. */
export type Face = 'loading' | 'failed' | 'stale' | 'ready'

export interface Load<Data> {
  data: ShallowRef<Data | null>
  error: ShallowRef<ApiError | null>
  face: Readonly<Ref<Face>>
  /** Server time in ms when `data` was fetched; `null` before the first answer. */
  loadedAt: Ref<number | null>
  reload: () => Promise<void>
}

/**
 * Loads data for a view, again whenever `source` changes and whenever the live
 * connection opens or says that it lost facts.
 *
 * - `source` gives the parameters; `null` means that there is nothing to load yet.
 * - Only the last request counts: an earlier one that answers later is dropped.
 */
export function useLoad<Data, Source>(
  source: () => Source | null,
  fetcher: (source: Source, signal: AbortSignal) => Promise<Data>,
): Load<Data> {
  const data = shallowRef<Data | null>(null)
  const error = shallowRef<ApiError | null>(null)
  const loadedAt = ref<number | null>(null)
  let running: AbortController | null = null

  async function reload(): Promise<void> {
    const parameters = source()
    running?.abort()
    if (parameters === null) return
    const controller = new AbortController()
    running = controller
    try {
      const answer = await fetcher(parameters, controller.signal)
      if (running !== controller) return
      data.value = answer
      error.value = null
      loadedAt.value = serverNow()
    } catch (thrown) {
      if (running === controller && !controller.signal.aborted) error.value = asApiError(thrown)
    }
  }

  watch(
    () => JSON.stringify(source()),
    (_, before) => {
      // Another subject's data must not stand under the new heading.
      if (before !== undefined) {
        data.value = null
        error.value = null
        loadedAt.value = null
      }
      void reload()
    },
    { immediate: true },
  )
  const stop = useLive().onReset(() => void reload())
  onScopeDispose(() => {
    stop()
    running?.abort()
  })

  const face = computed<Face>(() => {
    if (data.value === null) return error.value ? 'failed' : 'loading'
    return error.value ? 'stale' : 'ready'
  })
  return { data, error, face, loadedAt, reload }
}
