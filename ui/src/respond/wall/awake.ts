import { onScopeDispose, ref, type Ref } from 'vue'

/** `held`: the screen stays on. `refused`: the browser could, and did not. `none`: it cannot. */
export type Awake = 'asking' | 'held' | 'refused' | 'none'

/** Keeps the screen from sleeping as long as the component lives and its page is seen. */
export function useAwake(): Readonly<Ref<Awake>> {
  const state = ref<Awake>('wakeLock' in navigator ? 'asking' : 'none')
  let lock: WakeLockSentinel | null = null
  let over = false

  async function hold(): Promise<void> {
    if (over || document.visibilityState !== 'visible' || (lock !== null && !lock.released)) return
    try {
      const held = await navigator.wakeLock.request('screen')
      if (over) {
        void held.release()
        return
      }
      lock = held
      state.value = 'held'
      // The system takes it away, for instance when the page is covered.
      held.addEventListener('release', () => {
        if (lock === held) state.value = 'asking'
      })
    } catch {
      state.value = 'refused'
    }
  }
  const again = (): void => void hold()
  if (state.value !== 'none') {
    again()
    document.addEventListener('visibilitychange', again)
  }
  onScopeDispose(() => {
    over = true
    document.removeEventListener('visibilitychange', again)
    void lock?.release()
  })
  return state
}
