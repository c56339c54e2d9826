import { api } from '@/api/client'
import type { Level } from '@/kit/level'

// Written by hand after the HTTP contract until the generated schema replaces it.

export type WarningState = 'proposed' | 'reviewed' | 'returned' | 'issued' | 'lifted' | 'expired' | 'discarded'

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
  issuer: Signed | null
  urgent: { reason: string; review_due: string; reviewed_at: string | null; reviewed_by: string | null } | null
  expires: string | null
  lifted: (Signed & { reason: string }) | null
  incident: string | null
  /** What the caller may do with it now. */
  allowed: string[]
}

export const listWarnings = (state: WarningState | null, signal?: AbortSignal) =>
  api.all<Warning>('/warnings', { state }, signal)
