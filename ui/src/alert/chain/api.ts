import { api, type Page } from '@/api/client'
import type { Finding } from '@/assess/finding/api'

// Written by hand after the HTTP contract until the generated schema replaces it.

/** A fact as lists show it; `summary` is `null` when its body is closed to us. */
export interface Fact {
  seq: number
  id: string
  kind: string
  version: number
  subject: string
  region: string | null
  actor: { person: string | null; name: string | null } | null
  via: string
  basis: string | null
  cause: string | null
  correlation: string
  occurred: string
  at: string
  recorded: string
  summary: { title: string } | null
  hash_sm3: string
}

/** All facts of one thread that the caller may see, oldest first. */
export async function loadChain(correlation: string, signal?: AbortSignal): Promise<Fact[]> {
  return (await api.get<Page<Fact>>(`/chains/${correlation}`, {}, signal)).items
}

/** A finding with the whole of what its rule asked for. */
export type RuledFinding = Finding & {
  rule: Finding['rule'] & { comparison: 'at_or_above' | 'at_or_below'; line_word: string }
}

export const loadFinding = (id: string, signal?: AbortSignal) =>
  api.get<RuledFinding>(`/findings/${id}`, {}, signal)

/** The incident that a warning was turned into, as its thread tells. */
export function incidentOf(facts: readonly Fact[]): string | null {
  return facts.find((fact) => fact.kind === 'incident.opened')?.subject ?? null
}
