import { expect, test } from 'vitest'
import { clockTime, dateTime, fromControl, nearTime, span, stopwatch, toControl, weekday } from './time'

test('a moment is shown eight hours ahead of UTC, over midnight too', () => {
  expect(dateTime('2026-08-02T19:14:26.000Z')).toBe('2026-08-03 03:14:26')
  expect(clockTime('2026-08-02T16:00:00Z')).toBe('00:00:00')
  expect(weekday('2026-08-02T19:14:26Z')).toBe(1)
})

test('another day names its day', () => {
  const today = Date.parse('2026-08-02T19:14:26Z')
  expect(nearTime('2026-08-02T19:10:00Z', today)).toBe('03:10:00')
  expect(nearTime('2026-08-02T12:55:00Z', today)).toBe('08-02 20:55')
  expect(nearTime('2025-08-02T19:10:00Z', today), 'the same day of another year').toBe('2025-08-03 03:10')
})

test('a stopwatch grows hours only when it has them', () => {
  expect(stopwatch(382)).toBe('06:22')
  expect(stopwatch(4594)).toBe('1:16:34')
  expect(stopwatch(-190)).toBe('03:10')
})

test('a span keeps two units at most', () => {
  const key = (seconds: number) => span(seconds).key
  expect(key(0)).toBe('seconds')
  expect(key(-5)).toBe('seconds')
  expect(key(266)).toBe('minutesSeconds')
  expect(key(1620)).toBe('minutes')
  expect(key(6720)).toBe('hoursMinutes')
  expect(key(7200)).toBe('hours')
  expect(key(90_000)).toBe('daysHours')
  expect(key(864_000)).toBe('days')
  expect(span(266)).toMatchObject({ m: 4, s: 26 })
})

test('a control speaks Beijing time', () => {
  expect(toControl(Date.parse('2026-08-02T19:14:26Z'))).toBe('2026-08-03T03:14')
  expect(fromControl('2026-08-03T03:14')).toBe('2026-08-02T19:14:00.000Z')
  expect(fromControl('')).toBeNull()
  expect(fromControl('2026-13-40T99:00')).toBeNull()
})
