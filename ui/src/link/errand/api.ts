import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** Something that is to be done outside the node, and how far it is. */
export type Errand = Schema['Errand']
export type ErrandState = Errand['state']
export type Decision = Schema['Resolve']['decision']

/** One page of errands, the latest change first; `null` is any state. */
export const listErrands = (state: ErrandState | null, cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Errand>>('/errands', { state, cursor }, signal)

/** Every errand that waits for a person. */
export async function listWaiting(signal?: AbortSignal): Promise<Errand[]> {
  const of = (state: ErrandState) => api.all<Errand>('/errands', { state }, signal)
  const [uncertain, parked] = await Promise.all([of('uncertain'), of('parked')])
  return [...uncertain, ...parked]
}

export const resolveErrand = async (key: string, id: string, decision: Decision, reason: string): Promise<Errand> =>
  (await api.post<Errand>(`/errands/${id}/resolve`, { decision, reason }, { key })).body
