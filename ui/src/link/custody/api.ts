import { api } from '@/api/client'
import type { Schema } from '@/api/schema'

/** Who owns what, where that is not the node that made it, and what waits or is in conflict. */
export type Custody = Schema['Custody']
export type Of = Schema['Of']
/** What a command decided; the lists are read apart. */
export type Decided = Schema['Decided']
export type Proposal = Schema['Proposal']
export type Moved = Schema['Moved']
export type OtherNode = Schema['OtherNode']

export const loadCustody = (signal?: AbortSignal) => api.get<Custody>('/custody', {}, signal)

export const propose = async (key: string, of: Of, region: string, reason: string): Promise<Decided> =>
  (await api.post<Decided>('/custody/proposals', { of, region, reason }, { key })).body

export const confirm = async (key: string, proposal: string): Promise<Decided> =>
  (await api.post<Decided>(`/custody/proposals/${proposal}/confirm`, {}, { key })).body

export const pass = async (key: string, of: Of, to: string, region: string, reason: string): Promise<Decided> =>
  (await api.post<Decided>('/custody/pass', { of, to, region, reason }, { key })).body
