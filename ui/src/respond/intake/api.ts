import { api } from '@/api/client'
import type { Incident } from '../incident/api'
import type { Person } from '../task/api'

// Written by hand after crates/respond until the generated schema replaces it.

/** What is taken down while the caller speaks; anything may be missing. */
export interface Form {
  caller: string
  phone: string
  place: string
  region: string | null
  point: { lon: number; lat: number } | null
  hazard: string | null
  what: string
  dead: number | null
  injured: number | null
  trapped: number | null
}

export interface Intake extends Form {
  id: string
  revision: number
  owner: Person
  started_at: string
  saved_at: string
  /** What it was opened as. */
  incident: string | null
}

/** A call in a list: name and number masked, the text cut short. */
export type IntakeLine = Pick<
  Intake,
  'id' | 'revision' | 'owner' | 'started_at' | 'saved_at' | 'incident' | 'caller' | 'phone' | 'place' | 'region' | 'hazard' | 'what'
>

export interface Saved {
  saved_at: string
  revision: number
}

export const listIntakes = (signal?: AbortSignal) => api.all<IntakeLine>('/intakes', { state: 'draft' }, signal)

export const loadIntake = (id: string, signal?: AbortSignal) => api.get<Intake>(`/intakes/${id}`, {}, signal)

/** `revision`: the one that the typing started from; `null` for a call that is new or is to win. */
export const saveIntake = async (id: string, form: Form, revision: number | null): Promise<Saved> =>
  (await api.put<Saved>(`/intakes/${id}`, revision === null ? form : { ...form, revision })).body

export const deleteIntake = (key: string, id: string) => api.delete(`/intakes/${id}`, { key })

export const openIntake = async (key: string, id: string): Promise<Incident> =>
  (await api.post<Incident>(`/intakes/${id}/open`, {}, { key })).body
