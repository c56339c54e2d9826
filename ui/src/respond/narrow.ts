import { onScopeDispose, ref, type Ref } from 'vue'

/** Whether the window has the width of a telephone. */
export function useNarrow(): Readonly<Ref<boolean>> {
  const query = matchMedia('(max-width: 767px)')
  const narrow = ref(query.matches)
  const follow = (): void => {
    narrow.value = query.matches
  }
  query.addEventListener('change', follow)
  onScopeDispose(() => query.removeEventListener('change', follow))
  return narrow
}
