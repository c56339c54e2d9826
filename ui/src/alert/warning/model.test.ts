import { expect, test } from 'vitest'
import { warning } from './fixture'
import { byStanding, missing, nextAct, otherActs, present, unreviewed, waitsFor } from './model'

const signed = (name: string, at: string) => ({ person: name, name, at })

test('before it is issued a warning needs seven of the eight items', () => {
  const { content } = warning()
  expect(missing(content, false)).toEqual([])
  expect(missing(content, true)).toEqual(['issued_at'])
  expect(present(content)).toBe(7)
  expect(missing({ ...content, measures: '  ' }, false)).toEqual(['measures'])
})

test('a late review comes before anything else', () => {
  expect(nextAct(['issue', 'review_after'])).toBe('review_after')
  expect(nextAct(['edit', 'return', 'review'])).toBe('review')
  expect(nextAct(['lift'])).toBeNull()
  expect(otherActs(['discard', 'lift', 'issue'])).toEqual(['lift', 'discard'])
})

test('an urgent issue stays red until another person has reviewed it', () => {
  const urgent = { reason: '夜间', review_due: '2026-08-02T19:35:00Z', missed: false, reviewed_at: null, reviewed_by: null, comment: null }
  expect(unreviewed(warning({ state: 'issued', urgent }))).toBe(true)
  expect(unreviewed(warning({ state: 'lifted', urgent }))).toBe(true)
  expect(unreviewed(warning({ state: 'issued', urgent: { ...urgent, reviewed_at: 'x' } }))).toBe(false)
  expect(waitsFor(warning({ state: 'issued', urgent }))).toBe('review_after')
  expect(waitsFor(warning({ state: 'issued' }))).toBeNull()
})

test('open work stands first, then what is in force, the gravest first', () => {
  const rows = [
    warning({ id: 'lifted-red', level: 'red', state: 'lifted' }),
    warning({ id: 'issued-blue', level: 'blue', state: 'issued' }),
    warning({ id: 'proposed-yellow', level: 'yellow' }),
    warning({ id: 'issued-red', level: 'red', state: 'issued', issuer: signed('a', '2026-08-02T19:00:00Z') }),
    warning({ id: 'issued-red-later', level: 'red', state: 'issued', issuer: signed('a', '2026-08-02T20:00:00Z') }),
  ].sort(byStanding)
  expect(rows.map((row) => row.id)).toEqual(['proposed-yellow', 'issued-red-later', 'issued-red', 'issued-blue', 'lifted-red'])
})
