import { expect, test } from 'vitest'
import { endOf, nearest, spanOf, SPANS } from './window'

const NOW = 1_780_000_000
const DAY = 86_400

test('a linked reading chooses the shortest span that contains it', () => {
  expect(spanOf(null, NOW)).toBe('h24')
  expect(spanOf(NOW - DAY, NOW)).toBe('h24')
  expect(spanOf(NOW - DAY - 1, NOW)).toBe('d7')
  expect(spanOf(NOW - 8 * DAY, NOW)).toBe('d30')
  expect(spanOf(NOW - 200 * DAY, NOW)).toBe('y1')
  expect(spanOf(NOW - 400 * DAY, NOW)).toBe('h24')
})

test('a span ends now, or lies around a reading that is older', () => {
  expect(endOf('h24', null, NOW)).toBe(NOW)
  expect(endOf('d7', NOW - 3 * DAY, NOW)).toBe(NOW)
  const old = NOW - 400 * DAY
  for (const span of ['h24', 'd7', 'd30', 'y1'] as const) {
    const end = endOf(span, old, NOW)
    expect(end - SPANS[span]).toBeLessThan(old)
    expect(end).toBeGreaterThan(old)
  }
})

test('the cursor goes to the nearest measured point', () => {
  expect(nearest([10, 20, 31], 24)).toBe(20)
  expect(nearest([10, 20, 31], 99)).toBe(31)
  expect(nearest([], 5)).toBeNull()
})
