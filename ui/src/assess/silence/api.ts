import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** That sensors, a station, or a whole door said nothing for longer than they may. */
export type Silence = Schema['Silence']
/** With how many of its members lie outside what one sees. */
export type SilenceInFull = Schema['SilenceInFull']
export type SilenceState = Silence['state']
/** A station or a sensor that says nothing. */
export type Member = Schema['SilenceMember']

/** One page of silences, the last found first; `null` is any state. */
export const listSilences = (state: SilenceState | null, cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Silence>>('/silences', { state, cursor }, signal)

export const loadSilence = (id: string, signal?: AbortSignal) => api.get<SilenceInFull>(`/silences/${id}`, {}, signal)

/** One page of those who say nothing. */
export const listMembers = (id: string, cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Member>>(`/silences/${id}/members`, { cursor, limit: 200 }, signal)
