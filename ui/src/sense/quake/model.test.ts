import { expect, test } from 'vitest'
import type { Estimate, QuakeReport } from './api'
import { apart, boxOf, byDegree, circle, degreeText, distance, faults, feltText, formOf, magnitudeText, placeText, rings, roman, typed, type Form } from './model'

const epicentre = { lon: 124.05, lat: 44.73 }

test('degrees, intensities and places are written as an officer reads them', () => {
  expect([roman(1), roman(7), roman(12)]).toEqual(['Ⅰ', 'Ⅶ', 'Ⅻ'])
  expect([degreeText([5, 6]), degreeText([6, 6])]).toEqual(['Ⅴ～Ⅵ', 'Ⅵ'])
  expect([feltText({ least: 5.1, most: 6 }), feltText({ least: 5, most: 5 })]).toEqual(['5.1～6.0', '5.0'])
  expect(magnitudeText({ magnitude: 5.2, scale: null })).toBe('M 5.2')
  expect(magnitudeText({ magnitude: null, scale: null })).toBe('—')
  expect(placeText(epicentre)).toBe('44.73°N 124.05°E')
})

test('a ring is as far from its middle everywhere as it says, and closed', () => {
  const ring = circle(epicentre, 30)
  expect(ring[0]).toEqual(ring.at(-1))
  for (const [lon, lat] of ring) expect(Math.abs(distance(epicentre, { lon, lat }) - 30)).toBeLessThan(0.3)
})

test('from Ⅴ on each degree is drawn twice, where it is surely and where it is perhaps', () => {
  const lines = [
    { degree: 6, short_km: 0, long_km: 4 },
    { degree: 5, short_km: 9, long_km: null },
    { degree: 4, short_km: 30, long_km: 60 },
  ]
  const drawn = rings(epicentre, lines, 200)
  expect(drawn.map(({ degree, surely }) => [degree, surely])).toEqual([[6, false], [5, false], [5, true]])
  const [west, south, east, north] = boxOf(epicentre, drawn)
  expect(west < 123 && east > 125 && south < 43.5 && north > 46).toBe(true)
  expect(boxOf(epicentre, [])[2]).toBeGreaterThan(124.5)
})

test('people are told by exact degree, the gravest first', () => {
  const sums = [9, 9, 9, 9, 9, 4, 1, 0, 0, 0, 0, 0]
  const people = { surely: sums, perhaps: sums } as unknown as Estimate['people']
  expect(byDegree(people).map(({ degree, surely }) => [degree, surely])).toEqual([[7, 1], [6, 3], [5, 5]])
})

const report = {
  id: 'r', agency: null, event: 'a', standing: 'automatic', time: '2026-08-03T00:00:10Z', time_within_s: 60,
  point: { lon: 124.05, lat: 44.83 }, depth_km: null, magnitude: 5.5, scale: 'Ms', place: '前郭县',
  origin: { typed: { source: '省地震局', reason: '电话通报', by: '韩立春' } },
} as unknown as QuakeReport

test('what a report says otherwise than what is believed is told, and what it does not say is not', () => {
  const shown = { ...report, time: '2026-08-03T00:00:00Z', point: epicentre, depth_km: 8, magnitude: 5 }
  const found = apart(report, shown)
  expect([found.seconds, found.depth, found.magnitude]).toEqual([10, null, 0.5])
  expect(Math.round(found.km)).toBe(11)
})

test('a form names what cannot be so, and what is empty is not said', () => {
  const form: Form = { ...formOf(null, ''), lon: '124.05', lat: '44.73', place: '前郭县', source: '省地震局', reason: '电话通报' }
  const now = Date.parse('2026-08-03T00:05:00Z')
  const time = '2026-08-03T00:00:00Z'
  expect(faults(form, time, now)).toEqual([])
  expect(typed(form, time, null)).toMatchObject({ depth_km: null, magnitude: null, scale: null, to_the_minute: true })
  const wrong = { ...form, lat: '91', depth: '801', magnitude: 'viel', place: ' ', reason: '' }
  expect(faults(wrong, '2026-08-03T00:06:00Z', now)).toEqual(['time', 'lat', 'depth', 'magnitude', 'place', 'reason'])
  expect(faults({ ...form, lon: '' }, null, now)).toEqual(['time', 'lon'])
  expect(formOf(report, '2026-08-03T08:00')).toMatchObject({ magnitude: '5.5', depth: '', source: '省地震局', reason: '' })
})
