import { expect, test } from 'vitest'
import type { Particulars } from './api'
import { asked, faults, FIELDS, formOf, particularsOf } from './fields'

const keys = (kind: 'mine' | 'tank', texts: Record<string, string>): string[] => asked(kind, texts).map((field) => field.key)

test('only an underground coal mine is asked for its gas, and no open pit for its people', () => {
  expect(keys('mine', { mineral: 'coal', method: 'underground' })).toContain('gas_grade')
  expect(keys('mine', { mineral: 'metal', method: 'underground' })).not.toContain('gas_grade')
  expect(keys('mine', { mineral: 'coal', method: 'open_pit' })).not.toContain('gas_grade')
  expect(keys('mine', { mineral: 'coal', method: 'open_pit' })).not.toContain('approved_people')
  expect(keys('tank', { shape: 'sphere' })).not.toContain('roof')
})

test('what is said goes through the form and comes out the same', () => {
  const tank = {
    tank: {
      medium: '液氨', cas: '7664-41-7', shape: 'sphere', diameter_m: 9.2, height_m: null, volume_m3: 400, design_max_t: 210,
      level_min_m: 0.5, level_max_m: 7.8, pressure_min_kpa: null, pressure_max_kpa: 2160, temperature_min_c: -20, temperature_max_c: 50,
    },
  } as unknown as Particulars
  const { texts, substances } = formOf('tank', tank)
  expect(faults('tank', texts, substances)).toEqual({})
  expect(particularsOf('tank', texts, substances)).toEqual(tank)
  const source = {
    hazard_source: {
      unit: 'tank_farm', substances: [{ name: '液氨', cas: '7664-41-7', design_max_t: 30 }, { name: 'LPG', cas: null, design_max_t: 40 }],
      grade: 3, r: 10.8, people_within_500_m: 65, filing_number: null, filed_on: '2024-05-06', valid_until: null,
    },
  } as unknown as Particulars
  const form = formOf('hazard_source', source)
  expect(particularsOf('hazard_source', form.texts, form.substances)).toEqual(source)
})

test('each mistake is found at its field', () => {
  const { texts, substances } = formOf('tank', null)
  expect(faults('tank', { ...texts, volume_m3: '4OO', cas: '7664-41-8' }, substances)).toEqual({ medium: 'required', volume_m3: 'number', cas: 'cas' })
  const mine = formOf('mine', null)
  expect(faults('mine', { ...mine.texts, approved_people: '2.5' }, [])).toEqual({ approved_people: 'count' })
  const source = formOf('hazard_source', null)
  expect(faults('hazard_source', source.texts, source.substances)).toEqual({ 'substances.0.name': 'required', 'substances.0.design_max_t': 'number' })
})

test('no kind has a field twice', () => {
  for (const fields of Object.values(FIELDS)) expect(new Set(fields.map(({ key }) => key)).size).toBe(fields.length)
})
