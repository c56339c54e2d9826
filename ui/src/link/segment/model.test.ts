import { expect, test } from 'vitest'
import { mayRetry, why } from './model'

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
