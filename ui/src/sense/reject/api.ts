import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** Bytes that could not be taken, with the reason and, when it is known, where they went wrong. */
export type Reject = Schema['Reject']
/** One with all its bytes, and what each of them says. */
export type RejectDetails = Schema['RejectDetails']
/** Rejects of one source that have one cause. */
export type Cause = Schema['RejectCause']

export interface Wanted {
  station?: string | null
  cause?: string | null
}

/** The newest ones; older ones are many, and the newest says what is wrong now. */
export const listRejects = async (wanted: Wanted, limit: number, signal?: AbortSignal): Promise<Reject[]> =>
  (await api.get<Page<Reject>>('/rejects', { ...wanted, limit }, signal)).items

/** The latest first. */
export const listCauses = async (station: string | null, signal?: AbortSignal): Promise<Cause[]> =>
  (await api.get<Page<Cause>>('/rejects/causes', { station }, signal)).items

export const loadReject = (id: string, signal?: AbortSignal) => api.get<RejectDetails>(`/rejects/${id}`, {}, signal)
