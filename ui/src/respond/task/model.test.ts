import { expect, test } from 'vitest'
import { task } from './fixture'
import { columns, known, late, limit, neighbour, primary, progress, secondary } from './model'

const at = (time: string): number => Date.parse(`2026-08-02T${time}Z`)

test('an assigned task must be answered, an accepted one finished, a closed one nothing', () => {
  expect(limit(task())).toBe('2026-08-02T19:10:00Z')
  expect(limit(task({ due_at: '2026-08-02T19:05:00Z' }))).toBe('2026-08-02T19:05:00Z')
  expect(limit(task({ state: 'accepted' }))).toBe('2026-08-02T19:30:00Z')
  expect(limit(task({ state: 'done' }))).toBeNull()
  expect(late(task(), at('19:09:59'))).toBe(false)
  expect(late(task(), at('19:10:00'))).toBe(true)
  expect(late(task({ state: 'cancelled' }), at('23:00:00'))).toBe(false)
})

test('late cards rise, then the one whose limit ends next', () => {
  const board = columns(
    [
      task({ id: 'later', accept_by: '2026-08-02T19:20:00Z' }),
      task({ id: 'late', accept_by: '2026-08-02T19:01:00Z' }),
      task({ id: 'sooner', accept_by: '2026-08-02T19:15:00Z' }),
      task({ id: 'declined', state: 'declined', ended_at: '2026-08-02T19:02:00Z' }),
      task({ id: 'cancelled', state: 'cancelled', ended_at: '2026-08-02T19:03:00Z' }),
      task({ id: 'done', state: 'done' }),
    ],
    at('19:12:00'),
  )
  expect(board.assigned.map(({ id }) => id)).toEqual(['late', 'sooner', 'later'])
  expect(board.accepted).toEqual([])
  expect(board.ended.map(({ id }) => id)).toEqual(['cancelled', 'declined'])
})

test('the primary step is the next one and nothing else', () => {
  expect(primary(task({ allowed: ['accept', 'decline', 'cancel'] }))).toBe('accept')
  expect(secondary(task({ allowed: ['accept', 'decline', 'cancel'] }))).toEqual(['decline', 'cancel'])
  expect(primary(task({ allowed: ['cancel'] }))).toBeNull()
})

test('progress runs from the acceptance once there is one', () => {
  expect(progress(task(), at('19:05:00'))).toBeCloseTo(0.5)
  expect(progress(task({ state: 'accepted', accepted_at: '2026-08-02T19:20:00Z' }), at('19:25:00'))).toBeCloseTo(0.5)
  expect(progress(task(), at('20:00:00'))).toBe(1)
  expect(progress(task({ accept_by: '2026-08-02T19:00:00Z' }), at('19:00:00'))).toBe(1)
})

test('keys walk the board and step over empty columns', () => {
  const board = columns([task({ id: 'a' }), task({ id: 'b', number: 'R-0300' }), task({ id: 'c', state: 'done' })], at('19:00:00'))
  expect(neighbour(board, null, 'j')).toBe('a')
  expect(neighbour(board, 'a', 'j')).toBe('b')
  expect(neighbour(board, 'b', 'j')).toBe('b')
  expect(neighbour(board, 'b', 'l')).toBe('c')
  expect(neighbour(board, 'c', 'h')).toBe('a')
  expect(neighbour(board, 'a', 'h')).toBe('a')
  expect(neighbour(columns([], 0), null, 'l')).toBeNull()
})

test('who is known of another node is whom it gave tasks, each once', () => {
  const given = (person: string, name: string) => ({ assignee: { person, name } })
  expect(known([given('2', '于海棠'), given('1', '赵启明'), given('2', '于海棠')]).map(({ person }) => person)).toEqual(['2', '1'])
  expect(known([])).toEqual([])
})
