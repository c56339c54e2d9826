import { expect, test } from 'vitest'
import { isLineOfValues, kindOf, lineIs } from './model'

test('a rule of an older program holds the reading itself', () => {
  expect(kindOf({})).toBe('value')
  expect(isLineOfValues({})).toBe(true)
})

test('only a line among the readings is compared with one', () => {
  expect(isLineOfValues({ measure: { kind: 'value' } })).toBe(true)
  expect(isLineOfValues({ measure: { kind: 'change', direction: 'rising', within_s: 3600 } })).toBe(false)
})

test('a line of a standstill is a time, and of a count a number', () => {
  expect(lineIs({ measure: { kind: 'still', tolerance: 0, rest: null } })).toBe('seconds')
  expect(lineIs({ measure: { kind: 'count', comparison: 'at_or_above', line: 1, within_s: 60 } })).toBe('times')
  expect(lineIs({ measure: { kind: 'sum', within_s: 86_400 } })).toBe('quantity')
})
