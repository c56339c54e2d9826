import { api, type Page } from '@/api/client'
import { rank, type Level } from '@/kit/level'
import type { Rule } from '../rule/api'

// Written by hand after the HTTP contract until the generated schema replaces it.

export interface Finding {
  id: string
  rule: Pick<Rule, 'id' | 'version' | 'name' | 'threshold' | 'hysteresis' | 'times' | 'delay_s'>
  sensor: string
  station: string
  station_name: string
  region: string
  quantity: string
  unit: string
  hazard: string
  level: Level
  state: 'active' | 'cleared'
  onset: string
  raised_at: string
  latency_ms: number
  values: { time: string; value: number; received: string; frame: string | null }[]
  peak: { time: string; value: number }
  cleared_at: string | null
  correlation: string
}

/** Every finding that stands now, over all stations of the scope. */
export const listStanding = (signal?: AbortSignal) => api.all<Finding>('/findings', { state: 'active' }, signal)

/** The gravest level that stands on each station. */
export function levels(findings: Pick<Finding, 'station' | 'level' | 'state'>[]): Map<string, Level> {
  const found = new Map<string, Level>()
  for (const { station, level, state } of findings) {
    const known = found.get(station)
    if (state === 'active' && (!known || rank(level) < rank(known))) found.set(station, level)
  }
  return found
}

/** The latest findings of a station, newest first as the server lists them. */
export async function listFindings(station: string, signal?: AbortSignal): Promise<Finding[]> {
  return (await api.get<Page<Finding>>('/findings', { station, limit: 50 }, signal)).items
}
