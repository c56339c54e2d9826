import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** A day of the calendar, a year's notice, and a notice that is not loaded. */
export type Day = Schema['CalendarDay']
export type Notice = Schema['NoticeView']
export type Looked = Schema['LookedView']

export const listDays = async (year: number, signal?: AbortSignal): Promise<Day[]> =>
  (await api.get<Page<Day>>('/calendar', { from: `${year}-01-01`, to: `${year}-12-31` }, signal)).items

export const listNotices = async (signal?: AbortSignal): Promise<Notice[]> => (await api.get<Page<Notice>>('/calendar/notices', {}, signal)).items

export const lookAtNotice = async (key: string, text: string): Promise<Looked> => (await api.post<Looked>('/calendar/notices/look', { text }, { key })).body

export const loadNotice = async (key: string, text: string): Promise<Notice> => (await api.post<Notice>('/calendar/notices', { text }, { key })).body
