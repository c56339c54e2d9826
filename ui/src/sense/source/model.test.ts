import { expect, test } from 'vitest'
import type { Source } from './api'
import { byNeed, condition, share, sums } from './model'

const source = (name: string, over: Partial<Source> = {}): Source => ({
  station: name,
  name,
  class: 'river',
  status: 'online',
  status_word: '在线',
  source: '10.0.0.1:5010',
  expected_per_min: 0.2,
  received_last_hour: 12,
  last_contact: '2026-08-02T19:14:26Z',
  delay_ms: 4000,
  clock: null,
  silence_s: null,
  silent_after_s: 900,
  paused_until: null,
  rejects_last_hour: 0,
  no_room_last_hour: 0,
  duplicates_last_hour: 0,
  late_last_hour: 0,
  future_last_hour: 0,
  corrected_last_hour: 0,
  protocol_word: 'SL 651',
  held: 0,
  cut_since: null,
  flagged_last_hour: 0,
  ...over,
})

test('silence comes first, the longest on top, then what is degraded, then names', () => {
  const names = [
    source('丙'),
    source('refused', { rejects_last_hour: 4 }),
    source('unheard', { no_room_last_hour: 2 }),
    source('short', { status: 'silent', silence_s: 900 }),
    source('never', { status: 'never' }),
    source('long', { status: 'silent', silence_s: 6720 }),
    source('late', { status: 'stale', silence_s: 400 }),
  ]
  expect(names.sort(byNeed).map(({ name }) => name)).toEqual(['long', 'short', 'never', 'late', 'refused', 'unheard', '丙'])
  expect(condition(source('x', { status: 'never' }))).toBe('silent')
})

test('a gateway that has lost its instruments is degraded however punctual it is, and counted', () => {
  const cut = source('x', { cut_since: '2026-08-02T19:14:26Z', held: 3 })
  expect(condition(cut)).toBe('degraded')
  expect(sums([cut, source('y', { held: 2 })])).toMatchObject({ cut: 1, held: 5, degraded: 1 })
})

test('a source whose clock is off is degraded and counted, one within its limit is not', () => {
  const clock = (ahead_ms: number, is_off: boolean) => ({ ahead_ms, is_off, measured_at: '2026-08-02T19:14:26Z', limit_s: 300, limit_source: 'sl651_4a' })
  const off = source('x', { clock: clock(720_000, true) })
  const well = source('y', { clock: clock(2_000, false) })
  expect([off, well].map(condition)).toEqual(['degraded', 'well'])
  expect(sums([off, well])).toMatchObject({ clocks: 1, degraded: 1 })
})

test('more than was due is all of it, and nothing due misses nothing', () => {
  expect(share(source('a', { received_last_hour: 6 }))).toBeCloseTo(0.5)
  expect(share(source('a', { received_last_hour: 99 }))).toBe(1)
  expect(share(source('a', { expected_per_min: 0, received_last_hour: 0 }))).toBe(1)
})

test('what one source sends too much does not make up for another', () => {
  const all = sums([source('a', { received_last_hour: 100 }), source('b', { received_last_hour: 3 })])
  expect(all.came / all.expected).toBeCloseTo((12 + 3) / 24)
})

test('the figures add up what the table shows', () => {
  const all = sums([source('a', { received_last_hour: 11 }), source('b', { status: 'silent', silence_s: 60, received_last_hour: 0, rejects_last_hour: 2, no_room_last_hour: 3 })])
  expect(all).toMatchObject({ received: 11, expected: 24, silent: 1, longest_s: 60, degraded: 0, rejects: 2, noRoom: 3 })
})
