import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

export type Form = Schema['CommandForm']
export type Field = Schema['CommandField']
export type Command = Schema['StationCommand']
export type State = Schema['CommandState']
export type Bytes = Schema['StationCommandBytes']
export type Line = Schema['StationLine']
export type Words = Schema['BothWords']

/** What is asked: the values by the names of the form's fields. */
export interface Ask {
  command: string
  values: Record<string, unknown>
  wait_min?: number
  reason?: string
}

export const listForms = async (station: string, signal?: AbortSignal): Promise<Form[]> =>
  (await api.get<Page<Form>>(`/stations/${station}/forms`, {}, signal)).items

export const loadLine = (station: string, signal?: AbortSignal): Promise<Line> => api.get<Line>(`/stations/${station}/line`, {}, signal)

export const listCommands = (station: string, cursor: string | null, signal?: AbortSignal): Promise<Page<Command>> =>
  api.get<Page<Command>>(`/stations/${station}/commands`, { limit: 10, cursor: cursor ?? undefined }, signal)

export const loadBytes = (station: string, command: string, signal?: AbortSignal): Promise<Bytes> =>
  api.get<Bytes>(`/stations/${station}/commands/${command}`, {}, signal)

/** A query and a setting go by roads of their own: they need different permissions. */
export const ask = async (key: string, station: string, form: Form, body: Ask): Promise<Command> =>
  (await api.post<Command>(`/stations/${station}/${form.kind === 'query' ? 'queries' : 'settings'}`, body, { key })).body

export const cancel = async (key: string, station: string, command: string): Promise<Command> =>
  (await api.post<Command>(`/stations/${station}/commands/${command}/cancel`, {}, { key })).body
