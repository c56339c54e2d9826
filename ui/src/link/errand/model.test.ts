import { expect, test } from 'vitest'
import { byWait, decisions, limit, STATES, waits } from './model'

test('only what is uncertain or was parked is decided by a person, and of that one can always give up', () => {
  for (const state of STATES) {
    expect(decisions(state).length > 0, state).toBe(waits(state))
    if (waits(state)) expect(decisions(state)).toContain('give_up')
  }
})

test('of an uncertain errand it is asked first whether it went out, before it goes out twice', () => {
  expect(decisions('uncertain')[0]).toBe('went_out')
  expect(decisions('parked')[0]).toBe('try_again')
})

test('what waits longest is first', () => {
  const at = (id: string, changed_at: string) => ({ id, changed_at })
  const rows = [at('b', '2026-08-03T01:00:00Z'), at('a', '2026-08-03T01:00:00Z'), at('c', '2026-08-02T23:00:00Z')]
  expect(rows.sort(byWait).map(({ id }) => id)).toEqual(['c', 'a', 'b'])
})

test('an end beyond which it must not go out is told before the next attempt, and nothing of what is over', () => {
  const errand = { state: 'queued', until: null, due_at: '2026-08-03T01:10:00Z' } as const
  expect(limit(errand)).toEqual({ word: 'again', at: errand.due_at })
  expect(limit({ ...errand, until: '2026-08-03T02:00:00Z' })).toEqual({ word: 'until', at: '2026-08-03T02:00:00Z' })
  expect(limit({ ...errand, state: 'parked' })).toBeNull()
  expect(limit({ ...errand, state: 'done', until: '2026-08-03T02:00:00Z' })).toBeNull()
})
