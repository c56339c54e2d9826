import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'
import { rank, type Level } from '@/kit/level'

export type Finding = Schema['Finding']

/** A storm over the whole province may cross one line at each station. */
const MOST_STANDING = 20_000

/** Every finding that stands now, over all stations of the scope. */
export const listStanding = (signal?: AbortSignal) => 
  api.all<Finding>('/findings', { state: 'active' }, signal, MOST_STANDING)

/** Every finding that stood at a moment (RFC 3339), as it stood. */
export const listStoodAt = (at: string, signal?: AbortSignal) => api.all<Finding>('/findings', { at }, signal, MOST_STANDING)

/** The gravest level that stands on each station. */
export function levels(findings: Pick<Finding, 'station' | 'level' | 'state'>[]): Map<string, Level> {
  const found = new Map<string, Level>()
  for (const { station, level, state } of findings) {
    // A county that an earthquake shook is no station.
    if (!station) continue
    const known = found.get(station)
    if (state === 'active' && (!known || rank(level) < rank(known))) found.set(station, level)
  }
  return found
}

/** The latest findings of a station, newest first as the server lists them. */
export async function listFindings(station: string, signal?: AbortSignal): Promise<Finding[]> {
  return (await api.get<Page<Finding>>('/findings', { station, limit: 50 }, signal)).items
}
