import { api } from '@/api/client'
import type { Level } from '@/kit/level'
import type { Warning } from './api'

/** What a person may do with a warning, as the server names it in `allowed`. */
export type Act =
  | 'edit'
  | 'review'
  | 'return'
  | 'issue'
  | 'issue_urgent'
  | 'review_after'
  | 'lift'
  | 'extend'
  | 'discard'
  | 'open_incident'

const PATHS: Record<Exclude<Act, 'open_incident'>, string> = {
  edit: 'edit',
  review: 'review',
  return: 'return',
  issue: 'issue',
  issue_urgent: 'issue-urgently',
  review_after: 'review-afterwards',
  lift: 'lift',
  extend: 'extend',
  discard: 'discard',
}

/** What an act carries; each takes the fields it needs. `expires` is RFC 3339. */
export interface ActBody {
  comment?: string
  reason?: string
  expires?: string
  title?: string
  area?: string
  matters?: string
  measures?: string
  level?: Level
}

/** A warning drafted by hand. */
export interface Draft {
  level: Level
  hazard: string
  title: string
  region: string
  area: string
  matters: string
  measures: string
}

export const loadWarning = (id: string, signal?: AbortSignal) => api.get<Warning>(`/warnings/${id}`, {}, signal)

export const act = async (
  key: string,
  id: string,
  what: Exclude<Act, 'open_incident'>,
  body: ActBody,
): Promise<Warning> => (await api.post<Warning>(`/warnings/${id}/${PATHS[what]}`, body, { key })).body

export const draft = async (key: string, body: Draft): Promise<Warning> =>
  (await api.post<Warning>('/warnings', body, { key })).body

/** Opens an incident from a warning; gives its id. */
export const openIncident = async (key: string, warning: string): Promise<string> =>
  (await api.post<{ id: string }>('/incidents', { warning }, { key })).body.id
