import { expect, test } from 'vitest'
import { warning } from '@/alert/warning/fixture'
import type { Clock } from '../duty/api'
import { counts, cut, MOST_CLOCKS, MOST_WARNINGS, ordered, running, sceneOf, sensing, standing, turned } from './model'

const issued = (id: string, level: 'red' | 'orange' | 'yellow' | 'blue', time: string) => {
  const made = warning({ id, level, state: 'issued' })
  return { ...made, content: { ...made.content, issued_at: `2026-08-02T${time}Z` } }
}
const clock = (id: string, due: string, done: string | null = null): Clock => ({
  kind: 'task_answer',
  who: null,
  title: '',
  detail: '',
  started: '2026-08-02T19:00:00Z',
  due: `2026-08-02T${due}Z`,
  done_at: done,
  overdue: false,
  about: 'task',
  id,
})

test('six warnings are shown, the gravest and then the newest; the others are counted', () => {
  const all = [
    issued('b1', 'blue', '19:00:00'),
    issued('y1', 'yellow', '18:00:00'),
    issued('y2', 'yellow', '19:10:00'),
    issued('r', 'red', '17:00:00'),
    issued('o', 'orange', '16:00:00'),
    issued('b2', 'blue', '19:20:00'),
    issued('b3', 'blue', '18:20:00'),
    issued('b4', 'blue', '15:20:00'),
  ]
  const { shown, rest } = cut(ordered(all), MOST_WARNINGS)
  expect(shown.map(({ id }) => id)).toEqual(['r', 'o', 'y2', 'y1', 'b2', 'b1'])
  expect(rest).toBe(2)
  expect(counts(all).map(({ level, count }) => [level, count])).toEqual([['red', 1], ['orange', 1], ['yellow', 2], ['blue', 4]])
})

test('of six or fewer nothing is left out, and each level is counted even when there is none', () => {
  expect(cut([1, 2, 3, 4, 5, 6], MOST_WARNINGS)).toEqual({ shown: [1, 2, 3, 4, 5, 6], rest: 0 })
  expect(cut([], MOST_WARNINGS)).toEqual({ shown: [], rest: 0 })
  expect(counts([]).map(({ count }) => count)).toEqual([0, 0, 0, 0])
})

test('five clocks are shown: the latest first, then by what ends next; what was met is no limit any more', () => {
  const all = [
    clock('d', '20:00:00'),
    clock('met', '18:00:00', '2026-08-02T17:00:00Z'),
    clock('late', '18:30:00'),
    clock('b', '19:30:00'),
    clock('f', '22:00:00'),
    clock('a', '19:01:00'),
    clock('e', '21:00:00'),
  ]
  const { shown, rest } = cut(running(all), MOST_CLOCKS)
  expect(shown.map(({ id }) => id)).toEqual(['late', 'a', 'b', 'd', 'e'])
  expect(rest).toBe(1)
})

test('stations are online, stale or offline, and one that never spoke is offline', () => {
  expect(sensing(['online', 'online', 'stale', 'silent', 'never'])).toEqual({ all: 5, online: 2, stale: 1, offline: 2 })
})

test('what is shown is as fresh as the last word of the connection, and old once that is silent', () => {
  expect(standing('loading', null, 'live', 9)).toEqual({ state: 'waiting', at: null })
  expect(standing('failed', null, 'broken', null)).toEqual({ state: 'failed', at: null })
  expect(standing('ready', 100, 'live', 900)).toEqual({ state: 'fresh', at: 900 })
  expect(standing('ready', 100, 'broken', 900)).toEqual({ state: 'old', at: 900 })
  expect(standing('ready', 100, 'stale', 900)).toEqual({ state: 'old', at: 900 })
  expect(standing('ready', 950, 'connecting', 900)).toEqual({ state: 'old', at: 950 })
})

test('a refresh that failed leaves the time of the one that did not, however lively the connection', () => {
  expect(standing('stale', 100, 'live', 900)).toEqual({ state: 'old', at: 100 })
})

test('scenes turn round, and a word from outside is a scene or nothing', () => {
  expect(turned('warnings', 1)).toBe('clocks')
  expect(turned('incident', 1)).toBe('warnings')
  expect(turned('warnings', -1)).toBe('incident')
  expect(sceneOf('clocks')).toBe('clocks')
  expect(sceneOf('toString')).toBeNull()
  expect(sceneOf({})).toBeNull()
})
