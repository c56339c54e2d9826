import { expect, test } from 'vitest'
import type { Day } from './api'
import { cell, months, sums, yearOf } from './model'

const day = (date: string, why: Day['why'], is_workday: boolean, provisional = false): Day => ({ date, why, is_workday, provisional })

test('a cell says what a day is, and for which holiday', () => {
  expect(cell(day('2026-10-01', { holiday: '国庆节' }, false))).toEqual({ date: '2026-10-01', number: 1, kind: 'holiday', holiday: '国庆节', provisional: false })
  expect(cell(day('2026-10-10', { make_up: '国庆节' }, true))).toMatchObject({ number: 10, kind: 'makeUp', holiday: '国庆节' })
  expect(cell(day('2030-10-01', { by_law: '国庆节' }, false, true))).toMatchObject({ kind: 'holiday', provisional: true })
  expect(cell(day('2026-08-01', 'weekend', false))).toMatchObject({ kind: 'weekend', holiday: '' })
  expect(cell(day('2026-08-03', 'weekday', true)).kind).toBe('work')
})

test('a month begins on its day of the week, Monday the first', () => {
  const days = ['2026-05-31', '2026-06-01', '2026-06-02', '2027-01-01'].map((date) => day(date, 'weekday', true))
  const [may, june, january] = months(days)
  expect(may).toMatchObject({ number: 5, before: 4 })
  expect(june).toMatchObject({ number: 6, before: 0 })
  expect(june?.cells.map((it) => it.number)).toEqual([1, 2])
  expect(january).toMatchObject({ number: 1, before: 4 })
})

test('days are counted by what they are', () => {
  const days = [day('2027-01-01', { holiday: '元旦' }, false), day('2027-01-10', { make_up: '元旦' }, true), day('2027-01-11', 'weekday', true), day('2027-01-16', 'weekend', false, true)]
  expect(sums(days)).toEqual({ work: 2, rest: 2, makeUp: 1, provisional: 1 })
})

test('a year that is none is this one', () => {
  expect(yearOf('2027', '2026-08-03')).toBe(2027)
  for (const wrong of [undefined, '', 'x', '20261', '0', '2026.5']) expect(yearOf(wrong, '2026-08-03')).toBe(2026)
})
