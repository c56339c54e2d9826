import type { RetentionRun } from './api'

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** A number of bytes in the largest unit in which it is at least 1: `1.5 KiB`. */
export function sized(bytes: number): string {
  let [value, at] = [bytes, 0]
  while (value >= 1024 && at < UNITS.length - 1) {
    value /= 1024
    at += 1
  }
  return `${at === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${UNITS[at]}`
}

/** Days as people say them: whole years where they are, else days; `null` is for ever. */
export function term(days: number | null): { word: 'ever' | 'years' | 'days'; count: number } {
  if (days === null) return { word: 'ever', count: 0 }
  return days % 365 === 0 && days > 0 ? { word: 'years', count: days / 365 } : { word: 'days', count: days }
}

/** What a run let go of, all classes together. */
export function gone(run: RetentionRun): { readings: number; sums: number; bytes: number } {
  const total = { readings: 0, sums: 0, bytes: 0 }
  for (const each of Object.values(run.gone)) {
    total.readings += each.readings
    total.sums += each.minutes + each.hours
    total.bytes += each.bytes
  }
  return total
}
