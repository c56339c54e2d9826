import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** A risk notice: it went out by itself, wants to be taken by `due_at` and verified by `verify_by`. */
export type Notice = Schema['Notice']
export type Verdict = Schema['NoticeVerdict']

/** Every notice that waits for a duty desk. */
export const listWaiting = (signal?: AbortSignal) => api.all<Notice>('/notices', { standing: 'open' }, signal)

/** One page of those that wait for nobody, newest first. */
export const listAnswered = (cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Notice>>('/notices', { standing: 'ended', cursor }, signal)

export const loadNotice = (id: string, signal?: AbortSignal) => api.get<Notice>(`/notices/${id}`, {}, signal)

/** Takes it for the desk; words are for what is done at once. */
export const acknowledge = async (key: string, id: string, feedback: string | null): Promise<Notice> =>
  (await api.post<Notice>(`/notices/${id}/acknowledge`, { feedback }, { key })).body

/** `verify`: the desk's word. `feedback`: the enterprise's, which verifies nothing. */
export const check = async (key: string, id: string, how: 'verify' | 'feedback', verdict: Verdict, words: string): Promise<Notice> =>
  (await api.post<Notice>(`/notices/${id}/${how}`, { verdict, words }, { key })).body
