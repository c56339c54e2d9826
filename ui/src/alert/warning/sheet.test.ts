import { expect, test } from 'vitest'
import { warning } from './fixture'
import { blanks, BODY, ordinal, parts, standing } from './sheet'

test('a sheet says when it is not the warning in force as it was signed', () => {
  const marks = (['proposed', 'reviewed', 'returned', 'issued', 'lifted', 'expired', 'superseded', 'discarded'] as const).map(
    (state) => standing({ state, urgent: null }),
  )
  expect(marks).toEqual(['draft', 'draft', 'draft', null, 'lifted', 'expired', 'superseded', 'discarded'])
  const urgent = { reason: '夜间', review_due: '2026-08-02T19:44:00Z', missed: false, reviewed_at: null, reviewed_by: null, comment: null }
  expect(standing({ state: 'issued', urgent })).toBe('unreviewed')
  expect(standing({ state: 'issued', urgent: { ...urgent, reviewed_at: '2026-08-02T19:30:00Z' } })).toBe(null)
})

test('the body holds what the law asks for, but for who and when, which stand under it', () => {
  expect(BODY).toEqual(['class', 'level', 'starts', 'area', 'matters', 'measures'])
  const blank = warning()
  expect(blanks({ content: { ...blank.content, area: ' ', issuer: '' } })).toEqual(['area'])
})

test('a moment is written as documents write it, in Beijing time', () => {
  expect(parts('2026-08-02T19:04:26Z')).toEqual({ year: 2026, month: 8, day: 3, hour: 3, minute: '04' })
  expect([ordinal(0), ordinal(6), ordinal(10)]).toEqual(['一', '七', '11'])
})
