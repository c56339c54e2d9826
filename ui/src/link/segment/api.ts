import { api } from '@/api/client'
import type { Schema } from '@/api/schema'

/** What came from other nodes: how far, what was refused, and what changed nothing. */
export type Segments = Schema['Segments']
export type Unapplied = Schema['Unapplied']
export type Refused = Schema['Refused']

export const loadSegments = (signal?: AbortSignal) => api.get<Segments>('/segments', {}, signal)

/** Has what was refused or not readable tried again at the next start; answers what is built anew. */
export const retryUnapplied = async (key: string): Promise<string[]> =>
  (await api.post<Schema['Retried']>('/segments/unapplied/retry', {}, { key })).body.slices
