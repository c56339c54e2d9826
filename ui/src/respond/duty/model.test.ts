import { expect, test } from 'vitest'
import type { Clock, Item } from './api'
import { acknowledging, arrivals, face, rows, step, successor } from './model'

const item = (id: string, over: Partial<Item> = {}): Item => ({
  kind: 'warning',
  id,
  level: null,
  title: id,
  detail: '',
  since: '2026-08-02T19:00:00Z',
  owner: null,
  due: null,
  overdue: false,
  action: null,
  ...over,
})
const at = (time: string): number => Date.parse(`2026-08-02T${time}Z`)

test('rows keep the order of the server, and acts on one subject are rows of their own', () => {
  const all = rows(
    {
      mine: [item('a'), item('b', { kind: 'task' })],
      others: [item('c')],
      done: [item('a', { since: '2026-08-02T18:00:00Z' }), item('a', { since: '2026-08-02T17:00:00Z' })],
    },
    null,
  )
  expect(all.map(({ item: { id } }) => id)).toEqual(['a', 'b', 'c', 'a', 'a'])
  expect(new Set(all.map(({ key }) => key)).size).toBe(5)
  expect(rows({ mine: [item('a'), item('b', { kind: 'task' })], others: [], done: [] }, 'task')).toHaveLength(1)
})

test('an item that came is told, one that was only done is not', () => {
  const before = new Set(['warning:a'])
  const after = rows({ mine: [item('n'), item('a')], others: [], done: [item('z')] }, null)
  expect(arrivals(before, after)).toEqual(['warning:n'])
})

test('J and K stop at the ends', () => {
  const all = rows({ mine: [item('a'), item('b')], others: [], done: [] }, null)
  expect(step(all, null, 1)).toBe('warning:a')
  expect(step(all, 'warning:b', 1)).toBe('warning:b')
  expect(step(all, 'warning:b', -1)).toBe('warning:a')
  expect(step([], null, 1)).toBeNull()
})

test('when the selected row has gone the one below it takes its place', () => {
  const groups = (ids: string[]) => rows({ mine: ids.map((id) => item(id)), others: [], done: [] }, null)
  expect(successor(groups(['a', 'b', 'c']), groups(['a', 'c']), 'warning:b')).toBe('warning:c')
  expect(successor(groups(['a', 'b']), groups(['a']), 'warning:b')).toBe('warning:a')
  expect(successor(groups(['a']), groups(['x', 'a']), 'warning:a')).toBe('warning:a')
  expect(successor(groups(['a']), [], 'warning:a')).toBeNull()
})

const clock = (over: Partial<Clock> = {}): Clock => ({
  kind: 'task_answer',
  who: null,
  title: '',
  detail: '',
  started: '2026-08-02T19:00:00Z',
  due: '2026-08-02T19:10:00Z',
  done_at: null,
  overdue: false,
  about: 'warning',
  id: 'w',
  ...over,
})

test('a clock runs, is late by how much, and was met in how long', () => {
  expect(face(clock(), at('19:04:00'))).toMatchObject({ state: 'running', seconds: 360, mark: null, limitSeconds: 600 })
  expect(face(clock(), at('19:13:10'))).toMatchObject({ state: 'late', seconds: 190, gone: 1, mark: 100 })
  expect(face(clock({ done_at: '2026-08-02T19:02:00Z' }), at('23:00:00'))).toMatchObject({ state: 'met', seconds: 120 })
})

test('a clock marks at 50, 80 and 95 per cent', () => {
  expect(face(clock(), at('19:05:00')).mark).toBe(50)
  expect(face(clock(), at('19:08:00')).mark).toBe(80)
  expect(face(clock(), at('19:09:30')).mark).toBe(95)
})

test('A answers a notice, accepts an own task, and takes anything else that is not mine', () => {
  expect(acknowledging(item('n', { action: 'acknowledge' }), 'me')).toBe('acknowledge')
  expect(acknowledging(item('n', { action: 'verify', owner: { person: 'me', name: '' } }), 'me')).toBe('verify')
  expect(acknowledging(item('n', { action: 'verify' }), 'me')).toBe('verify')
  expect(acknowledging(item('n', { action: 'verify', owner: { person: 'other', name: '' } }), 'me')).toBe('claim')
  expect(acknowledging(item('t', { action: 'accept', owner: { person: 'me', name: '' } }), 'me')).toBe('accept')
  expect(acknowledging(item('w', { action: 'review' }), 'me')).toBe('claim')
  expect(acknowledging(item('w', { owner: { person: 'me', name: '' } }), 'me')).toBeNull()
})
