import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asApiError, type ApiError } from './error'
import { uuid } from './uuid'

export interface Action<Arguments extends unknown[], Result> {
  busy: Ref<boolean>
  error: ShallowRef<ApiError | null>
  /** Runs the action; gives `null` when it failed (then `error` says why) or is already running. */
  run: (...args: Arguments) => Promise<Result | null>
}

/**
 * One thing a person can do, such as pressing "issue".
 *
 * The same arguments after a failure without an answer are sent with the same
 * key, so that the server acts once however often the button is pressed.
 */
export function useAction<Arguments extends unknown[], Result>(
  act: (key: string, ...args: Arguments) => Promise<Result>,
): Action<Arguments, Result> {
  const busy = ref(false)
  const error = shallowRef<ApiError | null>(null)
  let pending: { key: string; what: string } | null = null

  async function run(...args: Arguments): Promise<Result | null> {
    if (busy.value) return null
    const what = JSON.stringify(args)
    const key = pending?.what === what ? pending.key : uuid()
    pending = { key, what }
    busy.value = true
    error.value = null
    try {
      const result = await act(key, ...args)
      pending = null
      return result
    } catch (thrown) {
      error.value = asApiError(thrown)
      if (error.value.answered) pending = null
      return null
    } finally {
      busy.value = false
    }
  }
  return { busy, error, run }
}
