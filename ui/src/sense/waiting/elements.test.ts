import { expect, test } from 'vitest'
import { ELEMENTS, typed, usual } from './elements'

test('typed codes are told apart however they are separated', () => {
  expect(typed('qa, ZT、p3  QA')).toEqual(['QA', 'ZT', 'P3'])
  expect(typed('  ')).toEqual([])
})

test('what a class usually measures can be chosen', () => {
  for (const kind of ['river', 'rain', 'reservoir', 'soil', 'other'] as const) {
    for (const element of usual(kind)) expect(ELEMENTS).toContain(element)
  }
})
