import { api, type Page } from '@/api/client'
import type { Level } from '@/kit/level'

// Written by hand after crates/respond until the generated schema replaces it.

export type IncidentState = 'open' | 'closed'

/** An incident. Level, event grade and response level are three things. */
export interface Incident {
  id: string
  /** `E-0803-01` */
  number: string
  title: string
  detail: string | null
  hazard: string
  level: Level | null
  /** The event grade; `null` while none has been given. */
  grade: string | null
  /** The response level; `null` while no plan has been started. */
  response: string | null
  state: IncidentState
  region: string
  region_name: string
  point: { lon: number; lat: number } | null
  place: string
  opened_at: string
  opened_by: string | null
  source: 'warning' | 'call'
  warning: string | null
  intake: string | null
  correlation: string
  /** Who called, masked; only for holders of `intake.read`. */
  caller: { name: string; phone: string } | null
  casualties: { dead: number | null; injured: number | null; trapped: number | null } | null
  tasks: { open: number; overdue: number; done: number }
  closed_at: string | null
  closed_by: string | null
  closed_reason: string | null
}

/** A line of the time line, which is the log: nothing in it changes or goes. */
export interface Line {
  seq: number
  id: string
  at: string
  kind: string
  subject: string
  title: string
  detail: string | null
  /** `null` is the system itself. */
  by: string | null
  significant: boolean
  /** The seq of the line that this one corrects. */
  corrects: number | null
}

export const listIncidents = (state: IncidentState | null, signal?: AbortSignal) =>
  api.all<Incident>('/incidents', { state }, signal)

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
