import { expect, test } from 'vitest'
import type { Field } from './api'
import { collect, empty, linesOf, lookOf } from './model'

const word = { zh: '字段', en: 'field' }
const field = (name: string, of: object): Field => ({ name, word, ...of }) as unknown as Field

test('what is typed becomes the values of the form, and what is missing is named', () => {
  const base = field('28', { type: 'number', min: '-1', max: '1', decimals: 3, unit: 'm' })
  const mode = field('0C', { type: 'choice', options: [] })
  const fields = [field('parameters', { type: 'parameters', of: [base, mode] })]
  expect(collect(fields, {}).faults).toEqual({ parameters: 'missing' })
  expect(collect(fields, { parameters: { '28': '' } }).faults).toEqual({ '28': 'missing' })
  expect(collect(fields, { parameters: { '28': '1,5' } }).faults).toEqual({ '28': 'number' })
  expect(collect(fields, { parameters: { '28': ' -0.5 ' } })).toEqual({ values: { parameters: { '28': '-0.5' } }, faults: {} })
})

test('an hour is one of Beijing, and an object is JSON or nothing', () => {
  const fields = [field('start', { type: 'hour' }), field('params', { type: 'object', longest: 9 })]
  expect(collect(fields, { start: '2026-08-03T08:30', params: '' }).values).toEqual({ start: '2026-08-03T00:00:00.000Z', params: {} })
  expect(collect(fields, { start: '2026-08-03T08:30', params: '[1]' }).faults).toEqual({ params: 'json' })
})

test('lists begin empty, and a pump is there to be switched', () => {
  expect(empty(field('codes', { type: 'many' }))).toEqual([])
  expect(empty(field('on', { type: 'switches' }))).toEqual([false])
  expect(collect([field('codes', { type: 'many' })], {}).faults).toEqual({ codes: 'missing' })
})

test('an answer is read line by line', () => {
  const said = {
    serial: 3,
    report: [{ class: 'H', class_name: '河道', blocks: [{ observed: '08:00', elements: [{ id: 'Z', name: '水位', unit: 'm', definition: '23', value: 261.7 }] }] }],
  }
  expect(linesOf(said)).toEqual([
    { name: 'report class_name', value: '河道' },
    { name: 'report observed', value: '08:00' },
    { name: '水位（Z）', value: '261.7 m' },
  ])
  expect(linesOf({ status: 'ok', result: { rpm: 1450 } })).toEqual([
    { name: 'status', value: 'ok' },
    { name: 'result rpm', value: '1450' },
  ])
  expect(linesOf({ id: 'Z', value: null, unit: 'm' })).toEqual([{ name: 'Z', value: '—' }])
})

test('a state is shown by a sign as well as by a colour', () => {
  expect(lookOf('uncertain')).toEqual({ sign: '!', tone: 'bad' })
  expect(lookOf('cancelled').tone).toBe('over')
})
