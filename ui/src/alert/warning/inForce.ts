import { computed, type ComputedRef } from 'vue'
import { useLoad, type Load } from '@/api/load'
import { useRefresh } from '@/app/refresh'
import { bySeverity } from '@/kit/level'
import { listInForce, type Warning } from './api'

/** Warnings in force, the gravest first, then the newest; fetched again when a warning's fact comes. */
export function useWarningsInForce(): { load: Load<Warning[]>; warnings: ComputedRef<Warning[]> } {
  const load = useLoad(
    () => 'issued',
    (_, signal) => listInForce(signal),
  )
  const issued = (warning: Warning): string => warning.content.issued_at ?? warning.issuer?.at ?? ''
  const warnings = computed(() =>
    [...(load.data.value ?? [])].sort(
      (a, b) => bySeverity(a.level, b.level) || issued(b).localeCompare(issued(a)),
    ),
  )
  useRefresh(['warning.'], load.reload)
  return { load, warnings }
}
