import { api } from '@/api/client'
import type { Level } from '@/kit/level'

// Written by hand after the HTTP contract until the generated schema replaces it.

export interface Rule {
  id: string
  version: number
  name: string
  sensor: string
  station: string
  hazard: string
  level: Level
  comparison: 'at_or_above' | 'at_or_below'
  threshold: number
  unit: string
  hysteresis: number
  /** Consecutive readings that must cross, 1 or more. */
  times: number
  delay_s: number
  line: 'warning' | 'guarantee' | 'record' | 'other'
  line_word: string
  source: string
  confidence: string
  state: 'active' | 'retired'
  published_by: string
  published_at: string
}

export const listRules = (station: string, signal?: AbortSignal) =>
  api.all<Rule>('/rules', { station }, signal)
