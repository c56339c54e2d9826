import { expect, test } from 'vitest'
import { answerText, direction, lapsed, madeTask, wantedTask } from './model'

test('who asks is told from who is asked, and from who only hears of it', () => {
  const request = { origin: 'jilin', to: 'huadian' }
  expect(direction(request, 'jilin')).toBe('out')
  expect(direction(request, 'huadian')).toBe('in')
  expect(direction(request, 'changchun')).toBe('other')
  expect(direction(request, null)).toBe('other')
})

test('a task that is asked for reads as one, and what another node wrote otherwise is nothing', () => {
  const body = { incident: 'i', title: '加派一队', assignee: 'p', due_at: '2026-08-03T04:00:00Z' }
  expect(wantedTask({ kind: 'task.assign', body })).toEqual({ incident: 'i', title: '加派一队', detail: '', due_at: body.due_at })
  for (const odd of [null, 'text', [], { ...body, title: 7 }, { title: 'x' }]) expect(wantedTask({ kind: 'task.assign', body: odd })).toBeNull()
  expect(wantedTask({ kind: 'warning.lift', body })).toBeNull()
})

test('only what was done leads to a task, and only a refusal has words', () => {
  const request = { kind: 'task.assign', state: 'accepted', answer: { task: 't' } } as const
  expect(madeTask(request)).toBe('t')
  expect(madeTask({ ...request, state: 'refused', answer: 'no' })).toBeNull()
  expect(madeTask({ ...request, answer: null })).toBeNull()
  expect(answerText({ answer: 'assignee is unknown' })).toBe('assignee is unknown')
  expect(answerText({ answer: { task: 't' } })).toBeNull()
})

test('a request whose limit has passed has lapsed at that very moment, unless it was answered', () => {
  const until = '2026-08-03T04:00:00Z'
  const at = Date.parse(until)
  expect(lapsed({ state: 'made', until }, at - 1)).toBe(false)
  expect(lapsed({ state: 'made', until }, at)).toBe(true)
  expect(lapsed({ state: 'accepted', until }, at)).toBe(false)
})
