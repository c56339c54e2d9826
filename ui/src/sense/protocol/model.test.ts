import { expect, test } from 'vitest'
import type { Element } from './api'
import { common, typed, usual } from './model'

const element = (code: string, common: boolean, ...usual_for: Element['usual_for']): Element => ({
  code,
  word: code,
  word_en: code,
  quantity: 'water_level',
  unit: 'm',
  common,
  usual_for,
})
const elements = [element('Z', true, 'river', 'tide'), element('QA', false), element('pH', false), element('VT', true, 'river', 'rain')]

test('typed codes are told apart however they are separated', () => {
  expect(typed('qa, Z、p3  QA', elements)).toEqual(['QA', 'Z', 'p3'])
  expect(typed('  ', elements)).toEqual([])
})

test('a typed code has the case that its protocol gives it', () => {
  expect(typed('PH z', elements)).toEqual(['pH', 'Z'])
})

test('what a class usually measures is ticked, and what is usual is offered', () => {
  expect(usual(elements, 'river')).toEqual(['Z', 'VT'])
  expect(usual(elements, 'rain')).toEqual(['VT'])
  expect(usual(elements, 'soil')).toEqual([])
  expect(common(elements).map(({ code }) => code)).toEqual(['Z', 'VT'])
})
