import { computed, onScopeDispose, type ComputedRef } from 'vue'
import { useLoad, type Load } from '@/api/load'
import { useFacts } from '@/app/live'
import { bySeverity } from '@/kit/level'
import { listWarnings, type Warning } from './api'

/** Warnings in force, the gravest first, then the newest; fetched again when a warning's fact comes. */
export function useWarningsInForce(): { load: Load<Warning[]>; warnings: ComputedRef<Warning[]> } {
  const load = useLoad(
    () => 'issued' as const,
    (state, signal) => listWarnings(state, signal),
  )
  const issued = (warning: Warning): string => warning.content.issued_at ?? warning.issuer?.at ?? ''
  const warnings = computed(() =>
    [...(load.data.value ?? [])].sort(
      (a, b) => bySeverity(a.level, b.level) || issued(b).localeCompare(issued(a)),
    ),
  )
  let timer: ReturnType<typeof setTimeout> | null = null
  useFacts(['warning.'], () => {
    timer ??= setTimeout(() => {
      timer = null
      void load.reload()
    }, 200)
  })
  onScopeDispose(() => {
    if (timer !== null) clearTimeout(timer)
  })
  return { load, warnings }
}
