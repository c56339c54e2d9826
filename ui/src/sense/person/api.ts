import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** A file that names persons, from without. */
export type PersonFile = Schema['PersonFile']
/** One of them, masked or whole, with how many are where. */
export type PersonFileDetails = Schema['PersonFileDetails']

export const listPersonFiles = (station: string, kind: string | null, signal?: AbortSignal): Promise<Page<PersonFile>> =>
  api.get<Page<PersonFile>>(`/stations/${station}/person-files`, { kind, limit: 200 }, signal)

/** Masked. */
export const loadPersonFile = (id: string, signal?: AbortSignal) => api.get<PersonFileDetails>(`/person-files/${id}`, {}, signal)

/** Whole; that it was opened, by whom and why, is noted before the answer. */
export const openPersonFile = async (key: string, id: string, reason: string): Promise<PersonFileDetails> =>
  (await api.post<PersonFileDetails>(`/person-files/${id}/open`, { reason }, { key })).body

/** Heads in a mine and its areas, with what is over; nobody is named. */
export type Underground = Schema['Underground']

export const loadUnderground = (station: string, signal?: AbortSignal) => api.get<Underground>(`/stations/${station}/underground`, {}, signal)
