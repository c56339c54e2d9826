import { computed, type ComputedRef } from 'vue'
import { useLoad } from '@/api/load'
import { useRefresh } from '@/app/refresh'
import { loadChain, type Fact } from './api'

/** What came of a finding, as the facts of its thread tell: its latest warning, its incident. */
export interface Outcome {
  warning: string | null
  incident: string | null
}

export function outcomeOf(facts: readonly Fact[]): Outcome {
  const last = (kind: string): string | null => facts.filter((fact) => fact.kind === kind).at(-1)?.subject ?? null
  return { warning: last('warning.proposed'), incident: last('incident.opened') }
}

/** The outcome of one thread, kept up with the live facts; `null` until it is known. */
export function useOutcome(correlation: () => string): ComputedRef<Outcome | null> {
  const load = useLoad(correlation, async (thread, signal) => outcomeOf(await loadChain(thread, signal)))
  useRefresh(['warning.', 'incident.'], load.reload, (fact) => fact.correlation === correlation())
  return computed(() => load.data.value)
}
