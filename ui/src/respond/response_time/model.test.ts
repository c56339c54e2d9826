import { expect, test } from 'vitest'
import { ApiError } from '@/api/error'
import type { Day, Moments, ViewState } from './api'
import { building, columnsOf, dayOf, daysBefore, done, onItsWay, pageOf, parseDay, remarkOn, topOfCounts, topOfSeconds } from './model'

const moments: Moments = {
  began: '2026-08-02T19:00:00Z',
  proposed: '2026-08-02T19:00:00Z',
  reviewed: '2026-08-02T19:03:00Z',
  issued: '2026-08-02T19:13:00Z',
  over: null,
  opened: null,
  assigned: null,
  accepted: null,
  done: null,
  closed: null,
}
const matter = {
  moments,
  took: [
    { step: 'review', seconds: 180 },
    { step: 'issue', seconds: 600 },
  ],
  slowest: { step: 'issue', seconds: 600 },
} satisfies Parameters<typeof done>[0]

test('a step has its moment and its duration, and the slowest says so', () => {
  expect(done(matter, 'review')).toEqual({ seconds: 180, at: moments.reviewed, slowest: false })
  expect(done(matter, 'issue')).toEqual({ seconds: 600, at: moments.issued, slowest: true })
  expect(done(matter, 'open')).toBeNull()
})

test('a row leads to its incident, else to its warning', () => {
  expect(pageOf({ warning: 'w', incident: 'i' })).toBe('/command/incidents/i')
  expect(pageOf({ warning: 'w', incident: null })).toBe('/warn/w')
  expect(pageOf({ warning: null, incident: null })).toBeNull()
})

test('days are Beijing days', () => {
  expect(dayOf(Date.parse('2026-08-02T15:59:59Z'))).toBe('2026-08-02')
  expect(dayOf(Date.parse('2026-08-02T16:00:00Z'))).toBe('2026-08-03')
  expect(daysBefore(Date.parse('2026-02-28T16:00:00Z'), 1)).toBe('2026-02-28')
})

test('a day of the address that is none is not asked for', () => {
  expect(parseDay('2026-08-03')).toBe('2026-08-03')
  for (const text of [null, '', '2026-8-3', '2026-02-30', '2026-13-01', 'x']) expect(parseDay(text)).toBeNull()
})

const day = (name: string, matters: number): Day => ({
  day: name,
  matters,
  warnings: matters,
  incidents: 0,
  finished: 0,
  steps: [{ step: 'review', count: matters, median_s: 60, p90_s: 90 }],
})

test('a day on which nothing began has its place, and no duration', () => {
  const columns = columnsOf([day('2026-08-03', 2), day('2026-08-01', 1)], '2026-08-01', '2026-08-03', 'review')
  expect(columns.map(({ day, matters, spread }) => [day, matters, spread?.median_s ?? null])).toEqual([
    ['2026-08-01', 1, 60],
    ['2026-08-02', 0, null],
    ['2026-08-03', 2, 60],
  ])
  expect(columnsOf([day('2026-08-03', 2)], '2026-08-03', '2026-08-03', 'close')[0]).toMatchObject({ matters: 2, spread: null })
  expect(columnsOf([], '0001-01-01', '2026-08-03', 'review')).toHaveLength(400)
  expect(columnsOf([], '2026-08-04', '2026-08-03', 'review')).toEqual([])
})

test('scales end at round values that hold what is drawn', () => {
  expect([0, 1, 3, 9, 10, 11, 4_321].map(topOfCounts)).toEqual([1, 1, 5, 10, 10, 20, 5_000])
  expect([0, 61, 3_600, 3_601, 90_000].map(topOfSeconds)).toEqual([1, 120, 3_600, 7_200, 172_800])
})

const view = (over: Partial<ViewState>): ViewState => ({ standing: 'current', seq: 8, log_seq: 8, built_seq: null, ...over })

test('an answer that is not of the whole log says how far it is', () => {
  expect(remarkOn(view({}))).toBeNull()
  expect(remarkOn(view({ standing: 'behind', seq: 5 }))).toEqual({ word: 'behind', count: 3 })
  expect(remarkOn(view({ standing: 'building', seq: 5, built_seq: 2 }))).toEqual({ word: 'rebuilding', seq: 2, of: 8 })
  expect(remarkOn(view({ standing: 'parked', seq: 4 }))).toEqual({ word: 'parked', seq: 4 })
})

test('a view on its way is asked again, one that has stopped is not', () => {
  const refused = (code: string, more = {}) => new ApiError(503, code, { code, ...more })
  expect(building(refused('view-building', { seq: 3, of: 9 }))).toEqual({ seq: 3, of: 9 })
  expect(building(refused('view-parked', { seq: 3, of: 9 }))).toBeNull()
  expect(onItsWay(null, refused('view-building'))).toBe(true)
  expect(onItsWay(view({ standing: 'building' }), null)).toBe(true)
  expect(onItsWay(null, refused('view-parked'))).toBe(false)
  expect(onItsWay(view({ standing: 'parked' }), null)).toBe(false)
  expect(onItsWay(view({}), null)).toBe(false)
})
