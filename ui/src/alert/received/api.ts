import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** A message of another authority, as it came. */
export type Received = Schema['Received']
export type ReceivedWhole = Schema['ReceivedWhole']
export type ReceivedArea = Schema['ReceivedArea']
export type ReceivedState = Schema['ReceivedState']

/** What came and was no message. */
export type Reject = Schema['ReceivedReject']

/** What became of what was brought. */
export type Taken = Schema['TakenMessages']

/** Every warning of another authority in force. */
export const listInForce = (signal?: AbortSignal) =>
  api.all<Received>('/received-warnings', { standing: 'open' }, signal)

/** One page of those that are over or never were in earnest, newest first. */
export const listOthers = (cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Received>>('/received-warnings', { standing: 'ended', cursor }, signal)

export const listRejects = (cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Reject>>('/received-rejects', { cursor }, signal)

export const loadReceived = (id: string, signal?: AbortSignal) =>
  api.get<ReceivedWhole>(`/received-warnings/${id}`, {}, signal)

export const bring = (file: File): Promise<Taken> => api.upload<Taken>('/received-warnings', file)
