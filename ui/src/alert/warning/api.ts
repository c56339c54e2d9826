import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

export type Signed = Schema['Signed']

/** A warning; `content` holds the eight items of art. 64 of the emergency response law. */
export type Warning = Schema['Warning']
export type WarningState = Warning['state']

/** What the server is asked for; an absent part does not filter. */
export interface WarningFilter {
  /** One state; only states that belong to the list asked for make sense. */
  state?: WarningState | null
  level?: Warning['level'] | null
  /** This region and those that report to it. */
  region?: string | null
}

/** Every warning in force or with something still to be done: short by nature. */
export const listOpen = (filter: WarningFilter, signal?: AbortSignal) =>
  api.all<Warning>('/warnings', { ...filter, standing: 'open' }, signal)

/** One page of the warnings that are over, newest first. */
export const listEnded = (filter: WarningFilter, cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Warning>>('/warnings', { ...filter, standing: 'ended', cursor }, signal)

/** Every warning that was in force at a moment (RFC 3339). */
export const listInForceAt = (at: string, signal?: AbortSignal) => api.all<Warning>('/warnings', { at }, signal)

/** Every warning in force. */
export const listInForce = (signal?: AbortSignal) => api.all<Warning>('/warnings', { state: 'issued' }, signal)
