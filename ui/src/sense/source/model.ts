import type { Source } from './api'

/** How a source does: it says nothing, or not all it should, or it is well. */
export type Condition = 'silent' | 'degraded' | 'well'

/** A source that is late, whose clock is off, that has lost its instruments, or whose frames are refused for whatever reason, is degraded; one that never spoke is silent; nobody waits for one that is stopped. */
export function condition(source: Pick<Source, 'status' | 'rejects_last_hour' | 'no_room_last_hour' | 'cut_since' | 'paused_until' | 'clock'>): Condition {
  if (source.paused_until !== null) return 'well'
  if (source.status === 'silent' || source.status === 'never') return 'silent'
  return source.status === 'stale' || source.cut_since !== null || source.clock?.is_off || source.rejects_last_hour + source.no_room_last_hour > 0 ? 'degraded' : 'well'
}

const ORDER: readonly Condition[] = ['silent', 'degraded', 'well']

/** Silent, then degraded, then by name; the longest silence first. */
export function byNeed(a: Source, b: Source): number {
  const group = ORDER.indexOf(condition(a)) - ORDER.indexOf(condition(b))
  return group || (b.silence_s ?? 0) - (a.silence_s ?? 0) || a.name.localeCompare(b.name, 'zh-CN')
}

/** Frames that should come within an hour. */
export const expectedPerHour = (source: Pick<Source, 'expected_per_min'>): number => source.expected_per_min * 60

/** What came of what should have come, 0 to 1; more than was due is all of it. */
export function share(source: Pick<Source, 'expected_per_min' | 'received_last_hour'>): number {
  const expected = expectedPerHour(source)
  return expected > 0 ? Math.min(1, source.received_last_hour / expected) : 1
}

export interface Sums {
  received: number
  /** Of what was due: a source that sends more does not make up for one that is silent. */
  came: number
  expected: number
  silent: number
  longest_s: number
  degraded: number
  rejects: number
  /** Frames that the station keeps, because the disk had too little room for them. */
  noRoom: number
  duplicates: number
  late: number
  future: number
  corrected: number
  /** Frames that wait for a sensor. */
  held: number
  /** Gateways that have lost what they read from. */
  cut: number
  flagged: number
  /** Sources whose own clock is too far off. */
  clocks: number
}

export function sums(sources: readonly Source[]): Sums {
  const total = (of: (source: Source) => number): number => sources.reduce((sum, source) => sum + of(source), 0)
  return {
    received: total((source) => source.received_last_hour),
    came: total((source) => share(source) * expectedPerHour(source)),
    expected: Math.round(total(expectedPerHour)),
    silent: sources.filter((source) => condition(source) === 'silent').length,
    longest_s: sources.reduce((longest, source) => Math.max(longest, source.silence_s ?? 0), 0),
    degraded: sources.filter((source) => condition(source) === 'degraded').length,
    rejects: total((source) => source.rejects_last_hour),
    noRoom: total((source) => source.no_room_last_hour),
    duplicates: total((source) => source.duplicates_last_hour),
    late: total((source) => source.late_last_hour),
    future: total((source) => source.future_last_hour),
    corrected: total((source) => source.corrected_last_hour),
    held: total((source) => source.held),
    cut: sources.filter((source) => source.cut_since !== null).length,
    flagged: total((source) => source.flagged_last_hour),
    clocks: sources.filter((source) => source.clock?.is_off).length,
  }
}
