import { expect, test } from 'vitest'
import type { Received, ReceivedWhole } from './api'
import { areasOf, boxOf, byGravity, circleRing, ringsOf } from './model'

const area = { name: '', codes: [], polygons: [[[126, 43], [127, 43], [127, 44], [126, 43]]], circles: [], unreadable: 0 }

test('the gravest comes first, what has no colour last, and of equals the newest', () => {
  const it = (level: Received['level'], sent: string) => ({ level, sent }) as Received
  const sorted = [it(null, '2026-08-03'), it('blue', '2026-08-01'), it('red', '2026-08-01'), it('red', '2026-08-02')].sort(byGravity)
  expect(sorted.map((each) => [each.level, each.sent])).toEqual([['red', '2026-08-02'], ['red', '2026-08-01'], ['blue', '2026-08-01'], [null, '2026-08-03']])
})

test('a circle is drawn as far to each side as its kilometres', () => {
  const box = boxOf([circleRing([126, 60, 111.195])])!
  expect(box[3] - 60).toBeCloseTo(1, 6)
  expect(box[2] - 126).toBeCloseTo(2, 6)
})

test('areas stand once, however many languages repeat them', () => {
  const infos = [{ areas: [] }, { areas: [area] }, { areas: [area] }]
  const areas = areasOf({ infos } as unknown as ReceivedWhole)
  expect(areas).toHaveLength(1)
  expect(boxOf(ringsOf(areas))).toEqual([126, 43, 127, 44])
  expect(boxOf([])).toBeNull()
})
