import { expect, test } from 'vitest'
import type { Point } from './api'
import { asDefined, pieces, ready, typedNumber } from './model'

const point = (element: string, quantity: Point['quantity'], sensor: string | null): Point => ({
  element,
  element_word: '',
  sensor,
  quantity,
  unit: null,
  mapping: { name: '左岸', factor: 0.001, shift: 0, low: null, high: 14 },
  wire_unit: null,
  remarks: null,
  defined_at: null,
  unmapped: 0,
  last_seen: null,
  last_value: null,
})

test('a number is what people type for one, and nothing else', () => {
  expect(typedNumber(' 0.001 ')).toBe(0.001)
  expect(typedNumber('1,5')).toBe(1.5)
  expect(typedNumber('-2e3')).toBe(-2000)
  expect(typedNumber('')).toBeNull()
  for (const text of ['NaN', '0x10', 'Infinity', '1.2.3', '一']) expect(typedNumber(text)).toBeUndefined()
})

test('what has a quantity and no sensor can be mapped at once, as it is defined', () => {
  const all = [point('Z', 'water_level', null), point('X', null, null), point('VT', 'voltage', 's')]
  expect(ready(all).map(({ element }) => element)).toEqual(['Z'])
  expect(asDefined(all[0]!)).toEqual({ element: 'Z', quantity: 'water_level', name: '左岸', factor: 0.001, shift: 0, low: null, high: 14 })
})

test('a long list goes in pieces, whole', () => {
  expect(pieces([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
  expect(pieces([], 2)).toEqual([])
})
