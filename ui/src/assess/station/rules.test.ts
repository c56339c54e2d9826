import { expect, test } from 'vitest'
import type { Rule } from '../rule/api'
import type { Sensor } from '@/sense/station/api'
import { crossedLevel, crosses, nearestLine, standing } from './rules'

const rule = (level: Rule['level'], threshold: number, comparison: Rule['comparison'] = 'at_or_above'): Rule => ({
  id: `${level}-${threshold}`,
  version: 1,
  name: '',
  sensor: 's',
  station: 'a',
  station_name: '',
  region: '220282',
  quantity: 'water_level',
  hazard: 'flood',
  measure: { kind: 'value' },
  accepts: 'not_bad',
  shelved: null,
  proposed_by: null,
  level,
  comparison,
  threshold,
  unit: 'm',
  hysteresis: 0.05,
  times: 2,
  delay_s: 0,
  line: 'warning',
  line_word: '警戒',
  source: '',
  confidence: 'demo',
  state: 'active',
  published_by: '',
  published_at: '',
})

const sensor = (value: number | null): Sensor => ({
  id: 's',
  station: 'a',
  quantity: 'water_level',
  unit: 'm',
  word: '',
  kind: 'gauge',
  element: 'Z',
  element_word: '水位',
  mapping: { name: null, factor: 1, shift: 0, low: null, high: null },
  checks_set: false,
  retired_at: null,
  period_s: 300,
  latest: value === null ? null : { time: '', value, quality: 0, received: '' },
})

const rules = [rule('orange', 264), rule('yellow', 262.5), rule('red', 265.38)]

test('a value on the line counts as crossed, in both directions', () => {
  expect(crosses(rule('red', 5), 5)).toBe(true)
  expect(crosses(rule('red', 5), 4.99)).toBe(false)
  expect(crosses(rule('red', 5, 'at_or_below'), 5)).toBe(true)
  expect(crosses(rule('red', 5, 'at_or_below'), 5.01)).toBe(false)
})

test('the gravest crossed line gives the level, and covers the lesser ones', () => {
  expect(crossedLevel(rules, sensor(264.06))).toBe('orange')
  expect(crossedLevel(rules, sensor(260))).toBeNull()
  expect(crossedLevel(rules, sensor(null))).toBeNull()
  expect(rules.map((each) => standing(rules, each, sensor(264.06)))).toEqual(['crossed', 'covered', 'calm'])
  expect(standing(rules, rules[0]!, sensor(null))).toBe('none')
})

test('a retired rule says nothing any more', () => {
  expect(crossedLevel([{ ...rule('red', 1), state: 'retired' }], sensor(2))).toBeNull()
})

test('the figure names the line it is over, else the one it is below', () => {
  expect(nearestLine(rules, sensor(264.06))).toMatchObject({ rule: { threshold: 264 } })
  expect(nearestLine(rules, sensor(261))).toMatchObject({ rule: { threshold: 262.5 }, by: -1.5 })
  expect(nearestLine([], sensor(261))).toBeNull()
})

test('a present value says nothing of how far it has moved', () => {
  const rise: Rule = { ...rule('red', 1), measure: { kind: 'change', direction: 'rising', within_s: 3600 } }
  expect(standing([rise], rise, sensor(264.06))).toBe('unsaid')
  expect(crossedLevel([rise], sensor(264.06))).toBeNull()
  expect(nearestLine([rise], sensor(264.06))).toBeNull()
})
