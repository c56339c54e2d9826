import { api, type Page } from '@/api/client'
import { ApiError } from '@/api/error'
import type { Schema } from '@/api/schema'
import type { Finding } from '@/assess/finding/api'

/** A fact as lists show it; `summary` is `null` when its body cannot be read here, and `silent` says why. */
export type Fact = Schema['FactLine']

/**
 * All facts of one thread that the caller may see, oldest first. There may be none: a
 * drill stands on what was folded before it began, and has only the facts since.
 */
export async function loadChain(correlation: string, signal?: AbortSignal): Promise<Fact[]> {
  try {
    return (await api.get<Page<Fact>>(`/chains/${correlation}`, {}, signal)).items
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.code === 'not-found') return []
    throw thrown
  }
}

export const loadFinding = (id: string, signal?: AbortSignal) =>
  api.get<Finding>(`/findings/${id}`, {}, signal)

/** The incident that a warning was turned into, as its thread tells. */
export function incidentOf(facts: readonly Fact[]): string | null {
  return facts.find((fact) => fact.kind === 'incident.opened')?.subject ?? null
}
