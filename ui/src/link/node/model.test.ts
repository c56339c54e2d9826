import { expect, test } from 'vitest'
import type { Health } from './api'
import { bytes, needsPerson, standing } from './model'

test('a way that fails is failing whatever else it says', () => {
  const line = { answers: true, failing_since: null, behind: 0, filling: null }
  expect(standing(line)).toBe('current')
  expect(standing({ ...line, behind: 3 })).toBe('behind')
  expect(standing({ ...line, behind: 3, filling: [2, 9] })).toBe('filling')
  expect(standing({ ...line, answers: false })).toBe('never')
  expect(standing({ ...line, answers: false, failing_since: '2026-08-03T00:00:00Z', filling: [2, 9] })).toBe('failing')
})

test('what needs a person is counted over all kinds', () => {
  const view = (standing: string) => ({ state: { standing } })
  const health = {
    parked: [{}],
    parked_work: [{}, {}],
    views: [view('current'), view('parked')],
    errands: { queued: 9, uncertain: 1, parked: 2 },
    exchange: { waiting: 5, left: 1 },
  } as unknown as Health
  expect(needsPerson(health)).toBe(8)
})

test('bytes are told in the step that fits', () => {
  expect([0, 1023, 1024, 1536, 200 * 1024, 5 * 1024 ** 3, 3 * 1024 ** 5].map(bytes)).toEqual(['0 B', '1023 B', '1.0 KiB', '1.5 KiB', '200 KiB', '5.0 GiB', '3072 TiB'])
})
