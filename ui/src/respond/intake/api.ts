import { api } from '@/api/client'
import type { Schema } from '@/api/schema'
import type { Incident } from '../incident/api'

/** What is taken down while the caller speaks; anything may be missing. */
export type Form = Required<Omit<Schema['SaveIntake'], 'revision'>>

export type Intake = Schema['Intake']

/** A call in a list: name and number masked, the text cut short. */
export type IntakeLine = Schema['IntakeLine']

export type Saved = Schema['Saved']

export const listIntakes = (signal?: AbortSignal) => api.all<IntakeLine>('/intakes', { state: 'draft' }, signal)

export const loadIntake = (id: string, signal?: AbortSignal) => api.get<Intake>(`/intakes/${id}`, {}, signal)

/** `revision`: the one that the typing started from; `null` for a call that is new. */
export const saveIntake = async (id: string, form: Form, revision: number | null): Promise<Saved> =>
  (await api.put<Saved>(`/intakes/${id}`, revision === null ? form : { ...form, revision })).body

export const deleteIntake = (key: string, id: string) => api.delete(`/intakes/${id}`, { key })

export const openIntake = async (key: string, id: string): Promise<Incident> =>
  (await api.post<Incident>(`/intakes/${id}/open`, {}, { key })).body
