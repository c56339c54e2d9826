import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** A risk notice: it went out by itself and wants feedback by `due_at`. */
export type Notice = Schema['Notice']

/** Every notice that still wants feedback. */
export const listWaiting = (signal?: AbortSignal) => api.all<Notice>('/notices', { state: 'sent,overdue' }, signal)

/** One page of those that were answered, newest first. */
export const listAnswered = (cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Notice>>('/notices', { state: 'acknowledged', cursor }, signal)

export const loadNotice = (id: string, signal?: AbortSignal) => api.get<Notice>(`/notices/${id}`, {}, signal)

export const acknowledge = async (key: string, id: string, feedback: string): Promise<Notice> =>
  (await api.post<Notice>(`/notices/${id}/acknowledge`, { feedback }, { key })).body
