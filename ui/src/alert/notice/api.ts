import { api } from '@/api/client'
import type { Schema } from '@/api/schema'

/** A risk notice: it went out by itself and wants feedback by `due_at`. */
export type Notice = Schema['Notice']
export type NoticeState = Notice['state']

export const listNotices = (state: NoticeState | null, signal?: AbortSignal) =>
  api.all<Notice>('/notices', { state }, signal)

export const loadNotice = (id: string, signal?: AbortSignal) => api.get<Notice>(`/notices/${id}`, {}, signal)

export const acknowledge = async (key: string, id: string, feedback: string): Promise<Notice> =>
  (await api.post<Notice>(`/notices/${id}/acknowledge`, { feedback }, { key })).body
