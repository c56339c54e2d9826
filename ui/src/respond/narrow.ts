import { onScopeDispose, ref, type Ref } from 'vue'

/** Whether the window is at most `width` px wide: 767 is a telephone, 1439 has no room for a right column, 2879 none for a wall's three parts. */
export function useNarrow(width: 767 | 1439 | 2879): Readonly<Ref<boolean>> {
  const query = matchMedia(`(max-width: ${width}px)`)
  const narrow = ref(query.matches)
  const follow = (): void => {
    narrow.value = query.matches
  }
  query.addEventListener('change', follow)
  onScopeDispose(() => query.removeEventListener('change', follow))
  return narrow
}
