import { expect, test } from 'vitest'
import { behind, inboxNeeds, lastHeld, mayRetry, standing, why } from './model'

test('why an entry changed nothing is told in our words, and what the database said in its own', () => {
  expect(why({ why: 'outside' })).toEqual({ key: 'whyOutside', said: '' })
  expect(why({ why: 'unread' })).toEqual({ key: 'whyUnread', said: '' })
  expect(why({ why: 'refused: UNIQUE constraint failed' })).toEqual({ key: 'whyRefused', said: 'UNIQUE constraint failed' })
})

test('a reason that a newer server gives is shown as it stands', () => {
  expect(why({ why: 'something new' })).toEqual({ key: 'whyRefused', said: 'something new' })
})

test('only what the tables refused or the program could not read is tried again', () => {
  expect(mayRetry({ refused: 0, unread: 0 })).toBe(false)
  expect(mayRetry({ refused: 0, unread: 1 })).toBe(true)
})

test('nothing is written for whom nobody let read, and a file that waits for a person is said first', () => {
  const errand = { state: 'parked' } as never
  const outbox = { may_read: true, directory: '/srv/out', errands: [] }
  expect(standing(outbox)).toBe('automatic')
  expect(standing({ ...outbox, directory: null })).toBe('byHand')
  expect(standing({ ...outbox, errands: [errand] })).toBe('stuck')
  expect(standing({ ...outbox, may_read: false, errands: [errand] })).toBe('closed')
  expect(standing({ ...outbox, errands: [{ state: 'queued' } as never] })).toBe('automatic')
})

test('what was not sent is counted, and a neighbour that is ahead of a restored node is not below nothing', () => {
  expect(behind({ last: 90 }, 100)).toBe(10)
  expect(behind({ last: 100 }, 90)).toBe(0)
})

test('the last number that a neighbour has is one of ours, or 0', () => {
  expect(lastHeld(' 0 ', 100)).toBe(0)
  expect(lastHeld('100', 100)).toBe(100)
  for (const odd of ['', '101', '-1', '1.5', '1e2', '９']) expect(lastHeld(odd, 100), odd).toBeNull()
})

test('a file whose end is still on its way needs nobody, a gap does', () => {
  const file = { file: 'f', origin: 'o', first: 1, last: 2, detail: '' }
  expect(inboxNeeds({ trouble: null, waiting: [{ ...file, why: 'half' }] })).toBe(false)
  expect(inboxNeeds({ trouble: null, waiting: [{ ...file, why: 'gap' }] })).toBe(true)
  expect(inboxNeeds({ trouble: 'no such directory', waiting: [] })).toBe(true)
})
