/** The spans that the chart offers, in seconds. */
export const SPANS = { h24: 24 * 3600, d7: 7 * 24 * 3600, d30: 30 * 24 * 3600, y1: 365 * 24 * 3600 } as const
export type Span = keyof typeof SPANS

/** The shortest span up to `now` that contains `at` (both s); a day when none does or nothing is asked for. */
export function spanOf(at: number | null, now: number): Span {
  if (at === null) return 'h24'
  return (Object.keys(SPANS) as Span[]).find((name) => now - SPANS[name] <= at) ?? 'h24'
}

/** Where a span ends, s: at `now`, or around a moment that lies before it. */
export function endOf(span: Span, at: number | null, now: number): number {
  return at === null || now - SPANS[span] <= at ? now : Math.min(now, at + SPANS[span] / 2)
}

/** Which of `times`, s, is nearest to `at`; `null` of none. */
export function nearest(times: readonly number[], at: number): number | null {
  return times.reduce<number | null>(
    (best, time) => (best === null || Math.abs(time - at) < Math.abs(best - at) ? time : best),
    null,
  )
}
