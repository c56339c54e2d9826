import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'
import { useLive } from '@/app/live'

/** How fast one matter went: a warning with its incident, or an incident from a call. */
export type ResponseTime = Schema['ResponseTime']
export type Step = Schema['Step']
export type Moments = Schema['Moments']
export type Tally = Pick<Schema['ResponseDay'], 'matters' | 'warnings' | 'incidents' | 'finished' | 'steps'>
export type Day = Schema['ResponseDay']

/** How far the view is from which an answer comes. */
export type ViewState = Schema['ViewState']
export type Listed = Page<ResponseTime> & { view: ViewState }
export interface Summary {
  view: ViewState
  total: Tally
  days: Day[]
}

/** Beijing days, both included, and a region with all that report to it. */
export interface Wanted {
  from: string
  to: string
  region: string | null
}

/** What is asked for holds the last fact that this page heard of. */
const heard = (): number | null => useLive().seq || null

export const listTimes = (wanted: Wanted, cursor: string | null, signal?: AbortSignal) =>
  api.get<Listed>('/response-times', { ...wanted, cursor, after: heard() }, signal)

export const loadSummary = (wanted: Wanted, signal?: AbortSignal) =>
  api.get<Summary>('/response-times/summary', { ...wanted, after: heard() }, signal)
