import { expect, test } from 'vitest'
import { ApiError } from '@/api/error'
import { refusal } from './refusal'

test('a lock outweighs the tries, and silence about tries stays silence', () => {
  const refused = (extra: object) => refusal(new ApiError(401, 'sign-in-refused', { ...extra }))
  expect(refused({ tries_left: 3, locked_until: null })).toEqual({ kind: 'refused', triesLeft: 3 })
  expect(refused({ tries_left: 0, locked_until: '2026-08-03T03:30:00.000Z' })).toEqual({
    kind: 'locked',
    until: '2026-08-03T03:30:00.000Z',
  })
  expect(refused({})).toEqual({ kind: 'refused', triesLeft: null })
})

test('a server that is busy did not refuse anybody', () => {
  expect(refusal(new ApiError(503, 'busy', {}))).toEqual({ kind: 'other' })
})
