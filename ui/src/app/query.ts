import { computed, watch, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

type Change = Record<string, string | undefined>

/**
 * What a page keeps in its address, so that it can be linked and reloaded.
 *
 * Several changes may come before the router has carried out the first; they
 * are gathered, so that none undoes another.
 */
export function useQuery() {
  const route = useRoute()
  const router = useRouter()
  const path = route.path
  let wanted: Change = {}

  watch(
    () => route.fullPath,
    () => (wanted = {}),
  )

  function keep(change: Change): void {
    // The page may be on its way out; its address is then no longer ours.
    if (route.path !== path) return
    wanted = { ...wanted, ...change }
    void router.replace({ query: { ...route.query, ...wanted } })
  }

  const text = (name: string): string | null => {
    const value = route.query[name]
    return typeof value === 'string' && value !== '' ? value : null
  }

  /** A choice kept under `name`; the first is the default and stays out of the address. */
  const choice = <Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): WritableComputedRef<Choice> =>
    computed({
      get: () => choices.find((each) => each === route.query[name]) ?? choices[0],
      set: (chosen) => keep({ [name]: chosen === choices[0] ? undefined : chosen }),
    })

  return { keep, text, choice }
}
