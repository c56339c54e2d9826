import { api } from '@/api/client'
import type { Schema } from '@/api/schema'

export type Signed = Schema['Signed']

/** A warning; `content` holds the eight items of art. 64 of the emergency response law. */
export type Warning = Schema['Warning']
export type WarningState = Warning['state']

export const listWarnings = (state: WarningState | null, signal?: AbortSignal) =>
  api.all<Warning>('/warnings', { state }, signal)
