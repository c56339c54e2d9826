import { expect, test } from 'vitest'
import type { Station } from '../station/api'
import type { Definition, SensorChecks } from './api'
import { formOf, near, saidBy, typedChecks, whose } from './model'

const definition: Definition = {
  range: { low: -80, high: 60, source: 'awsqc', confidence: 'checked' },
  step: { within: [[60, 3], [3600, 4]], source: 'awsqc', confidence: 'checked' },
  spike: { limit: 3, within_s: 600, source: 'default', confidence: 'memory' },
  stuck: null,
  neighbour: { limit: 8, within_s: 3600, distance_km: 30, source: 'default', confidence: 'memory' },
  may_exclude: true,
  remark: null,
}
const plain: SensorChecks = {
  sensor: '1',
  low: -80,
  high: 60,
  step: { within: [[60, 3], [3600, 4]] },
  spike: { limit: 3, within_s: 600 },
  stuck: null,
  neighbour: null,
  exclude: [],
  may_exclude: true,
  set: null,
  history: [],
  version: '2026-11-30',
}
const set: SensorChecks = {
  ...plain,
  spike: null,
  step: { within: [[600, 0.5]] },
  set: { off: ['spike'], step: { within: [[600, 0.5]] }, spike: null, stuck: null, neighbour: null, exclude: [], reason: '闸下' },
}
const free = { low: null, high: null }

test('each check says whose limits it has', () => {
  expect(whose('range', plain, free)).toBe('quantity')
  expect(whose('range', plain, { low: 0, high: null })).toBe('mapping')
  expect(whose('range', { ...plain, low: null, high: null }, free)).toBe('none')
  expect(['step', 'spike', 'stuck', 'neighbour'].map((check) => whose(check as 'step', plain, free))).toEqual(['quantity', 'quantity', 'none', 'none'])
  expect(['step', 'spike'].map((check) => whose(check as 'step', set, free))).toEqual(['person', 'off'])
  expect(saidBy('spike', definition)).toEqual({ source: 'default', confidence: 'memory' })
  expect(saidBy('stuck', definition)).toBeNull()
})

test('what holds is what the form starts with, and unchanged it sets the same', () => {
  const form = formOf(set, definition)
  expect(form.step).toEqual({ mode: 'own', rows: [{ minutes: '10', limit: '0.5' }] })
  expect(form.spike).toEqual({ mode: 'off', limit: '3', minutes: '10' })
  expect(form.neighbour).toEqual({ mode: 'quantity', limit: '8', minutes: '60', sensors: [] })
  expect(typedChecks(form).settings).toEqual({ ...set.set, reason: '' })
  expect(typedChecks(formOf(plain, definition)).settings).toEqual({ off: [], step: null, spike: null, stuck: null, neighbour: null, exclude: [], reason: '' })
})

test('a number that is none is a fault of its check, and of no other', () => {
  const form = formOf(plain, definition)
  form.spike = { mode: 'own', limit: '三', minutes: '10' }
  form.stuck = { mode: 'own', vary: '0.1', minutes: '', rest: '' }
  form.neighbour = { mode: 'own', limit: '1', minutes: '10', sensors: ['a', 'b'] }
  expect(typedChecks(form)).toEqual({ faults: { spike: 'number', stuck: 'number', neighbour: 'sensors' }, settings: null })
  form.spike.limit = '1,5'
  form.stuck.minutes = '30.5'
  form.neighbour.sensors.push('c')
  const { settings } = typedChecks(form)
  expect(settings?.spike).toEqual({ limit: 1.5, within_s: 600 })
  expect(settings?.stuck).toEqual({ vary: 0.1, span_s: 1830, rest: null })
})

test('neighbours measure the same and the nearest is first', () => {
  const station = (id: string, lat: number, quantity: string): Station =>
    ({ id, name: id, point: { lon: 126.75, lat }, sensors: [{ id: `s${id}`, quantity, element: 'ta', mapping: { name: null }, retired_at: null }] }) as unknown as Station
  const here = station('0', 42.95, 'air_temperature')
  const all = [here, station('2', 43.11, 'air_temperature'), station('1', 43.03, 'air_temperature'), station('3', 43.0, 'pressure')]
  const found = near(all, here, { id: 's0', quantity: 'air_temperature' })
  expect(found.map(({ id }) => id)).toEqual(['s1', 's2'])
  expect(found[0]!.km).toBeCloseTo(8.9, 1)
})
