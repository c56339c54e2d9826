import { api } from '@/api/client'
import type { Level } from '@/kit/level'

// Written by hand after the HTTP contract until the generated schema replaces it.

export type WarningState =
  | 'proposed'
  | 'reviewed'
  | 'returned'
  | 'issued'
  | 'lifted'
  | 'expired'
  | 'discarded'
  | 'superseded'

export interface Signed {
  person: string
  name: string
  at: string
}

/** A warning; `content` holds the eight items of art. 64 of the emergency response law. */
export interface Warning {
  id: string
  number: string | null
  level: Level
  hazard: string
  title: string
  state: WarningState
  region: string
  region_name: string
  station: string | null
  station_name: string | null
  point: { lon: number; lat: number } | null
  finding: string | null
  correlation: string
  content: {
    class: string
    level: Level
    starts: string
    area: string
    matters: string
    measures: string
    issuer: string
    issued_at: string | null
  }
  /** `null`: proposed by a rule. */
  author: Signed | null
  reviewer: (Signed & { comment: string | null }) | null
  /** Why it was sent back, while it is returned. */
  returned: (Signed & { reason: string }) | null
  issuer: Signed | null
  /** `missed`: the review was late, or is. */
  urgent: {
    reason: string
    review_due: string
    missed: boolean
    reviewed_at: string | null
    reviewed_by: string | null
    comment: string | null
  } | null
  expires: string | null
  lifted: (Signed & { reason: string }) | null
  discarded: (Signed & { reason: string }) | null
  closed_at: string | null
  supersedes: string | null
  superseded_by: string | null
  /** A hint to lift it: when all its findings had cleared. */
  danger_passed_at: string | null
  opened_at: string
  /** What the caller may do with it now. */
  allowed: string[]
}

export const listWarnings = (state: WarningState | null, signal?: AbortSignal) =>
  api.all<Warning>('/warnings', { state }, signal)
