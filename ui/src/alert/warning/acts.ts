import { api } from '@/api/client'
import type { Schema } from '@/api/schema'
import type { Warning } from './api'

/** What a person may do with a warning, as the server names it in `allowed`. */
export type WarningAct = Warning['allowed'][number]

/** The same, and what another permission allows: to turn it into an incident. */
export type Act = WarningAct | 'open_incident'

const PATHS: Record<WarningAct, string> = {
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

/** What an act carries; each takes the fields it needs. */
export type ActBody = Partial<
  Schema['EditWarning'] & Schema['ReviewWarning'] & Schema['Reason'] & Schema['IssueWarning']
>

/** A warning drafted by hand. */
export type Draft = Schema['DraftWarning']

export const loadWarning = (id: string, signal?: AbortSignal) => api.get<Warning>(`/warnings/${id}`, {}, signal)

export const act = async (
  key: string,
  id: string,
  what: WarningAct,
  body: ActBody,
): Promise<Warning> => (await api.post<Warning>(`/warnings/${id}/${PATHS[what]}`, body, { key })).body

export const draft = async (key: string, body: Draft): Promise<Warning> =>
  (await api.post<Warning>('/warnings', body, { key })).body

/** Opens an incident from a warning; gives its id. */
export const openIncident = async (key: string, warning: string): Promise<string> =>
  (await api.post<{ id: string }>('/incidents', { warning }, { key })).body.id
