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
  expect(faults('tank', { ...texts, volume_m3: '4OO', cas: '7664-41-8' }, substances)).toEqual({ medium: { why: 'required' }, volume_m3: { why: 'number' }, cas: { why: 'cas' } })
  const mine = formOf('mine', null)
  expect(faults('mine', { ...mine.texts, approved_people: '2.5' }, [])).toEqual({ approved_people: { why: 'count' } })
  const source = formOf('hazard_source', null)
  expect(faults('hazard_source', source.texts, source.substances)).toEqual({ 'substances.0.name': { why: 'required' }, 'substances.0.design_max_t': { why: 'number' } })
})

test('a level lies within the tank, a most above its least, and one day after another', () => {
  const tank = (texts: Record<string, string>) => faults('tank', { medium: '丙酮', volume_m3: '1000', shape: 'vertical', ...texts }, [])
  expect(tank({ height_m: '12', diameter_m: '9', level_max_m: '12.5' })).toEqual({ level_max_m: { why: 'most', than: 'height_m' } })
  expect(tank({ height_m: '12', level_max_m: '12' })).toEqual({})
  expect(tank({ shape: 'sphere', diameter_m: '9', level_max_m: '9.5' })).toEqual({ level_max_m: { why: 'most', than: 'diameter_m' } })
  expect(tank({ shape: 'other', diameter_m: '9', level_max_m: '9.5' })).toEqual({})
  expect(tank({ level_min_m: '1', level_max_m: '1' })).toEqual({ level_max_m: { why: 'above', than: 'level_min_m' } })
  const pond = (texts: Record<string, string>) => faults('pond', { dam: 'upstream', grade: '4', height_m: '30', volume_m3: '1', ...texts }, [])
  expect(pond({ crest_m: '412', flood_level_m: '412.1' })).toEqual({ flood_level_m: { why: 'most', than: 'crest_m' } })
  expect(pond({ crest_m: '412', final_crest_m: '411' })).toEqual({ final_crest_m: { why: 'least', than: 'crest_m' } })
  const filed = formOf('hazard_source', null).texts
  const late = faults('hazard_source', { ...filed, filed_on: '2024-05-06', valid_until: '2024-05-05' }, [{ name: '氨', cas: '', design_max_t: '1' }])
  expect(late).toEqual({ valid_until: { why: 'least', than: 'filed_on' } })
})

test('a workshop is asked for its people, and a store for its charge', () => {
  const building = (use: string) => Object.keys(faults('fireworks_building', { use, hazard_class: '1.3' }, []))
  expect(building('workshop')).toEqual(['rated_people'])
  expect(building('store')).toEqual(['rated_charge_kg'])
})

test('no kind has a field twice', () => {
  for (const fields of Object.values(FIELDS)) expect(new Set(fields.map(({ key }) => key)).size).toBe(fields.length)
})
