import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** An incident. Level, event grade and response level are three things. */
export type Incident = Schema['Incident']
export type IncidentState = Incident['state']

/** A line of the time line, which is the log: nothing in it changes or goes. */
export type Line = Schema['TimelineItem']

/** Every incident that runs. */
export const listOpen = (signal?: AbortSignal) => api.all<Incident>('/incidents', { state: 'open' }, signal)

/** Every incident that ran at a moment (RFC 3339). */
export const listRanAt = (at: string, signal?: AbortSignal) => api.all<Incident>('/incidents', { at }, signal)

/** One page of incidents, newest first; `null` is any state. */
export const listPage = (state: IncidentState | null, cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Incident>>('/incidents', { state, cursor }, signal)

export const loadIncident = (id: string, signal?: AbortSignal) => api.get<Incident>(`/incidents/${id}`, {}, signal)

/** The whole time line, oldest first. */
export async function loadLines(id: string, signal?: AbortSignal): Promise<Line[]> {
  const lines: Line[] = []
  let after: string | null = null
  do {
    const page: Page<Line> = await api.get(`/incidents/${id}/timeline`, { after, limit: 2000 }, signal)
    lines.push(...page.items)
    after = page.next
  } while (after !== null)
  return lines
}

export const note = async (key: string, id: string, text: string, corrects: number | null): Promise<Incident> =>
  (await api.post<Incident>(`/incidents/${id}/notes`, corrects === null ? { text } : { text, corrects }, { key })).body

export const close = async (key: string, id: string, reason: string): Promise<Incident> =>
  (await api.post<Incident>(`/incidents/${id}/close`, { reason }, { key })).body
