import { api } from '@/api/client'
import type { Level } from '@/kit/level'

// Written by hand after the HTTP contract until the generated schema replaces it.

export type NoticeState = 'sent' | 'acknowledged' | 'overdue'

/** A risk notice: it went out by itself and wants feedback by `due_at`. */
export interface Notice {
  id: string
  /** `T-220282-0803-01` */
  number: string
  finding: string
  correlation: string
  station: string
  station_name: string
  region: string
  level: Level
  title: string
  text: string
  /** The rule in whose name it went out. */
  signer: string
  issuer: string
  sent_at: string
  state: NoticeState
  acknowledged: { by: string; at: string; feedback: string } | null
  due_at: string
}

export const listNotices = (state: NoticeState | null, signal?: AbortSignal) =>
  api.all<Notice>('/notices', { state }, signal)

export const loadNotice = (id: string, signal?: AbortSignal) => api.get<Notice>(`/notices/${id}`, {}, signal)

export const acknowledge = async (key: string, id: string, feedback: string): Promise<Notice> =>
  (await api.post<Notice>(`/notices/${id}/acknowledge`, { feedback }, { key })).body
