import { expect, test } from 'vitest'
import type { DefaultRule, Rule } from './api'
import { emptyForm, formFrom, formOf, typedRule, type RuleForm } from './form'

const typed = (changes: Partial<RuleForm>): RuleForm => ({
  ...emptyForm('s'),
  name: '水位超警戒',
  threshold: '262.5',
  lineWord: '警戒',
  source: '站志',
  ...changes,
})

test('what is typed is the rule, in seconds and numbers', () => {
  const { rule } = typedRule(typed({ kind: 'change', within: '90', threshold: '1,2', delay: '0.5' }))
  expect(rule?.measure).toEqual({ kind: 'change', direction: 'rising', within_s: 5400 })
  expect([rule?.threshold, rule?.delay_s]).toEqual([1.2, 30])
})

test('the line of a standstill is typed in minutes', () => {
  const { rule } = typedRule(typed({ kind: 'still', threshold: '30', tolerance: '0.02', rest: '' }))
  expect(rule?.threshold).toBe(1800)
  expect(rule?.measure).toEqual({ kind: 'still', tolerance: 0.02, rest: null })
})

test('every field that is not what it should be is named', () => {
  const faults = (changes: Partial<RuleForm>) => typedRule(typed(changes)).faults
  expect(faults({ threshold: '' })).toEqual(['threshold'])
  expect(faults({ times: '1.5', delay: '-1' })).toEqual(['times', 'delay'])
  expect(faults({ kind: 'sum', within: '0', threshold: '5' })).toEqual(['within'])
  expect(faults({ kind: 'count', countLine: 'x', threshold: '1', hysteresis: '1' })).toEqual(['countLine', 'threshold'])
  expect(faults({ name: ' ', lineWord: '长'.repeat(21), source: '' })).toEqual(['name', 'lineWord', 'source'])
})

test('a rule comes back as it was typed', () => {
  const { rule } = typedRule(typed({ id: 'r', kind: 'count', countLine: '1', within: '10', threshold: '3', hysteresis: '1' }))
  const again = typedRule(formOf(rule as unknown as Rule))
  expect(again.rule).toEqual(rule)
})

test('a line of the tables is a share of what the place itself has', () => {
  const entry: DefaultRule = {
    code: 'tank_level_high',
    name: { zh: '储罐液位高报', en: 'Tank level: high' },
    quantity: 'liquid_level',
    hazard: 'hazardous_chemical',
    level: 'yellow',
    measure: { kind: 'value' },
    accepts: 'not_bad',
    hysteresis: 0,
    times: 1,
    delay_s: 0,
    comparison: 'at_or_above',
    threshold: { of: 'design_highest_level', factor: 0.85 },
    line: 'other',
    line_word: '高报警值',
    source: 'tank_default',
    clause: '设计值的 85 %',
    confidence: 'memory',
  }
  expect(formFrom(emptyForm('s'), entry, '默认', 10).threshold).toBe('8.5')
  expect(formFrom(emptyForm('s'), entry, '默认', null).threshold).toBe('')
  expect(formFrom(emptyForm('s'), { ...entry, threshold: { fixed: 1 } }, '默认', null).threshold).toBe('1')
})
