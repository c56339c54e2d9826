import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** What one node asks of another, with what came of it. */
export type NodeRequest = Schema['Request']
export type RequestState = NodeRequest['state']

/** One page of requests, newest first; `null` is any state. */
export const listRequests = (state: RequestState | null, cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<NodeRequest>>('/requests', { state, cursor }, signal)

export const loadRequest = (id: string, signal?: AbortSignal) => api.get<NodeRequest>(`/requests/${id}`, {}, signal)
