import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import { useLoad } from '@/api/load'
import { useRefresh } from '@/app/refresh'
import { loadChain, type Fact } from './api'

/** What came of a finding, as the facts of its thread tell: its latest warning, its incident. */
export interface Outcome {
  warning: string | null
  incident: string | null
}

/** Threads asked for at once: those of the newest findings, which are the ones in sight. */
const THREADS = 12

export function outcomeOf(facts: readonly Fact[]): Outcome {
  const last = (kind: string): string | null => facts.filter((fact) => fact.kind === kind).at(-1)?.subject ?? null
  return { warning: last('warning.proposed'), incident: last('incident.opened') }
}

/** The outcomes of some threads, newest thread first, by correlation; kept up with the live facts. */
export function useOutcomes(correlations: () => string[]): ComputedRef<Map<string, Outcome>> {
  const load = useLoad(
    () => {
      const threads = [...new Set(correlations())].slice(0, THREADS)
      return threads.length > 0 ? threads : null
    },
    async (threads, signal) => {
      const chains = await Promise.all(threads.map((thread) => loadChain(thread, signal)))
      return new Map(threads.map((thread, index) => [thread, outcomeOf(chains[index]!)]))
    },
  )
  useRefresh(['warning.', 'incident.'], load.reload, (fact) => correlations().includes(fact.correlation))
  // A new finding asks anew; meanwhile what is known of the others stays.
  const known = shallowRef(new Map<string, Outcome>())
  watch(load.data, (loaded) => {
    if (loaded !== null) known.value = loaded
  })
  return computed(() => known.value)
}
