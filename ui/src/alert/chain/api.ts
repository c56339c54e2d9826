import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'
import type { Finding } from '@/assess/finding/api'

/** A fact as lists show it; `summary` is `null` when its body is closed to us. */
export type Fact = Schema['FactLine']

/** All facts of one thread that the caller may see, oldest first. */
export async function loadChain(correlation: string, signal?: AbortSignal): Promise<Fact[]> {
  return (await api.get<Page<Fact>>(`/chains/${correlation}`, {}, signal)).items
}

export const loadFinding = (id: string, signal?: AbortSignal) =>
  api.get<Finding>(`/findings/${id}`, {}, signal)

/** The incident that a warning was turned into, as its thread tells. */
export function incidentOf(facts: readonly Fact[]): string | null {
  return facts.find((fact) => fact.kind === 'incident.opened')?.subject ?? null
}
