import { api, type Download } from '@/api/client'
import type { Schema } from '@/api/schema'

/** What came from other nodes: how far, what was refused, and what changed nothing. */
export type Segments = Schema['Segments']
export type Unapplied = Schema['Unapplied']
export type Refused = Schema['Refused']

export const loadSegments = (signal?: AbortSignal) => api.get<Segments>('/segments', {}, signal)

/** Has what was refused or not readable tried again at the next start; answers what is built anew. */
export const retryUnapplied = async (key: string): Promise<string[]> =>
  (await api.post<Schema['Retried']>('/segments/unapplied/retry', {}, { key })).body.slices

/** Segments as files, both ways. */
export type Exchange = Schema['ExchangeState']
export type Outbox = Schema['Outbox']
export type WaitingFile = Schema['WaitingFile']
export type Uploaded = Schema['Uploaded']

export const loadExchange = (signal?: AbortSignal) => api.get<Exchange>('/segments/exchange', {}, signal)

/** Takes in another node's segment file: all of it, or nothing. */
export const uploadSegment = (file: Blob) => api.upload<Uploaded>('/segments/upload', file)

const outboxOf = (neighbour: string): string => `/segments/for/${encodeURIComponent(neighbour)}`

/** The next file for a neighbour, from the last on that it was given; `null` when there is nothing new. */
export const downloadSegment = (neighbour: string): Promise<Download | null> => api.download(outboxOf(neighbour))

/** Says up to which entry a neighbour was given this node's log; a smaller number has what follows written again. */
export const noteSent = async (key: string, neighbour: string, last: number): Promise<Outbox> =>
  (await api.put<Outbox>(`${outboxOf(neighbour)}/sent`, { last }, { key })).body
