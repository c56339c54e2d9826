import { expect, test } from 'vitest'
import type { RetentionRun } from './api'
import { gone, sized, term } from './model'

test('bytes are told in the largest unit that has at least one of them', () => {
  expect([0, 1023, 1024, 1536, 150 * 2 ** 20, 2 ** 40, 2 ** 52].map(sized)).toEqual(['0 B', '1023 B', '1.0 KiB', '1.5 KiB', '150 MiB', '1.0 TiB', '4096 TiB'])
})

test('terms are years where they are whole ones', () => {
  expect(term(null)).toEqual({ word: 'ever', count: 0 })
  expect(term(3650)).toEqual({ word: 'years', count: 10 })
  expect(term(30)).toEqual({ word: 'days', count: 30 })
})

test('what a run let go of is added up over its classes', () => {
  const one = { readings: 1, minutes: 2, hours: 3, bytes: 10, before: null }
  const run: RetentionRun = { day: '2026-08-03', state: 'done', started_at: '', ended_at: null, why: null, gone: { mine: one, water: one }, held: 0 }
  expect(gone(run)).toEqual({ readings: 2, sums: 10, bytes: 20 })
})
