import { expect, test } from 'vitest'
import type { Drawing, Feature } from './api'
import { boxOf, byWeight, fateOf, faultWord, takes } from './model'

const feature = (number: number, change: Feature['change'], faults: number, notices: number): Feature => {
  const fault = { column: 'code', code: 'unknown', seen: '1', expected: '2' }
  return { number, code: null, name: null, area_km2: null, points: 0, change, faults: Array(faults).fill(fault), notices: Array(notices).fill(fault) }
}

test('what has to be looked at comes first', () => {
  const all = [feature(1, 'new', 0, 0), feature(2, 'changed', 0, 1), feature(3, null, 1, 0), feature(4, 'same', 0, 0)]
  expect(byWeight(all).map(({ number }) => number)).toEqual([3, 2, 1, 4])
  expect(all.map(fateOf)).toEqual(['new', 'changed', 'refused', 'same'])
})

test('a file is taken when something is new, and once', () => {
  const counts = { added: 0, changed: 0, same: 60, refused: 1 }
  expect(takes({ counts, taken: false })).toBe(false)
  expect(takes({ counts: { ...counts, changed: 1 }, taken: false })).toBe(true)
  expect(takes({ counts: { ...counts, changed: 1 }, taken: true })).toBe(false)
})

test('the map shows all that is drawn', () => {
  expect(boxOf({ features: [] })).toBeNull()
  const drawn: Drawing['features'][number] = { code: '220282', new: [[[126, 43], [127, 43], [127, 44], [126, 43]]], old: [[[125.5, 43.5], [126, 44.5], [126, 43], [125.5, 43.5]]] }
  expect(boxOf({ features: [drawn] })).toEqual([125.5, 43, 127, 44.5])
})

test('faults have words, and others are told as the server does', () => {
  expect(faultWord({ column: 'geometry', code: 'crossing' })).toBe('geometry.crossing')
  expect(faultWord({ column: 'geometry', code: 'of a newer program' })).toBeNull()
})
