import { expect, test } from 'vitest'
import type { Schema } from '@/api/schema'
import en from './text/en'
import zh from './text/zh-CN'
import { NOTHING, STEPS, beside, isRed, keepPlace, placeOf, stage, stepsFor, tell, told } from './model'

const warning = (id: string, state: string, level = 'yellow') => ({ id, state, level: level as Schema['Level'], title: id })
const store = () => {
  const kept = new Map<string, string>()
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) }
}
const station = (value: number | null) =>
  ({
    id: 's1',
    name: '青石湾站',
    sensors: [
      { quantity: 'voltage', retired_at: null, latest: { value: 12.6 } },
      { quantity: 'water_level', retired_at: '2026-08-01T00:00:00Z', latest: { value: 1 } },
      { quantity: 'water_level', retired_at: null, latest: value === null ? null : { value } },
    ],
  }) as unknown as Schema['Station']

test('a step that has not happened says so, and leads to the list where it will be', () => {
  for (const step of STEPS) {
    const { now, path } = tell(step, NOTHING)
    if (step === 'sources') continue
    expect(now).toBe(`tour.now.${step}.yet`)
    expect(path).not.toMatch(/null|undefined/)
  }
})

test('a step that has happened leads to the thing itself, with what the node says of it', () => {
  const seen = {
    ...NOTHING,
    notices: 3,
    station: station(263.374),
    warning: warning('w1', 'issued'),
    incident: { id: 'i1', number: 'S-1', title: '洪水' },
    issued: 2,
  }
  expect(tell('duty', seen).words).toEqual({ count: 3 })
  expect(tell('station', seen)).toEqual({ path: '/monitor/hazard/stations/s1', now: 'tour.now.station.there', words: { name: '青石湾站', value: '263.37' } })
  expect(tell('warning', seen)).toMatchObject({ path: '/warn/w1', now: 'tour.now.warning.issued' })
  expect(tell('warning', { ...seen, warning: warning('w1', 'reviewed') }).now).toBe('tour.now.warning.there')
  expect(tell('incident', seen)).toMatchObject({ path: '/command/incidents/i1', words: { number: 'S-1', title: '洪水' } })
  expect(tell('map', seen).words).toEqual({ count: 2 })
})

test('a station that has sent no stage has none, whatever else it sent', () => {
  expect(stage(station(null))).toBeNull()
  expect(stage(station(0))).toBe(0)
  expect(tell('station', { ...NOTHING, station: station(null) }).now).toBe('tour.now.station.yet')
})

test('the warning that has come farthest is told, and ended ones are not', () => {
  expect(told([warning('new', 'proposed'), warning('far', 'issued'), warning('old', 'issued')])?.id).toBe('far')
  expect(told([warning('gone', 'cancelled'), warning('new', 'proposed')])?.id).toBe('new')
  expect(told([])).toBeNull()
})

test('red stands as long as its warning is open', () => {
  expect(isRed([warning('a', 'issued', 'orange'), warning('b', 'cancelled', 'red')])).toBe(false)
  expect(isRed([warning('b', 'proposed', 'red')])).toBe(true)
})

test('whoever lacks a page is not led there', () => {
  expect(stepsFor((permission) => permission !== 'incident.read')).toEqual(['duty', 'station', 'warning', 'sources', 'map'])
  expect(stepsFor(() => false)).toEqual([])
  expect(placeOf(store(), 'audit', [])).toBe('left')
})

test('each person is where they were, and whoever left is not asked again', () => {
  const kept = store()
  expect(placeOf(kept, 'han', STEPS)).toBe('duty')
  keepPlace(kept, 'han', 'incident')
  keepPlace(kept, 'sun', 'left')
  expect([placeOf(kept, 'han', STEPS), placeOf(kept, 'sun', STEPS), placeOf(kept, 'zhou', STEPS)]).toEqual(['incident', 'left', 'duty'])
  expect(placeOf(kept, 'han', ['station', 'map'])).toBe('station')
  const broken = { getItem: () => { throw new Error('forbidden') }, setItem: () => { throw new Error('forbidden') } }
  keepPlace(broken, 'han', 'map')
  expect(placeOf(broken, 'han', STEPS)).toBe('duty')
})

test('before the first and after the last there is nothing', () => {
  expect([beside(STEPS, 'duty', -1), beside(STEPS, 'duty', 1), beside(STEPS, 'map', 1)]).toEqual([null, 'station', null])
})

test('every step has its words in both languages', () => {
  for (const words of [zh, en]) {
    expect(Object.keys(words.tour.step)).toEqual([...STEPS])
    expect(Object.keys(words.tour.now)).toEqual([...STEPS])
  }
})
