import { expect, test } from 'vitest'
import { boardPath, isCountedLater, kind, memberPath } from './model'

const station = { what: { station: { station: 'a', name: '青石湾站' } }, station: 'a' }
const sensors = { what: { sensors: { station: 'a', name: '青石湾站' } }, station: 'a' }
const relay = { what: { relay: { relay: 'r' } }, station: 'r' }
const door = { what: { door: { region: null } }, station: null }

test('each kind of silence is told by its own word', () => {
  expect([station, sensors, relay, door].map(kind)).toEqual(['station', 'sensors', 'relay', 'door'])
})

test('a silent sensor leads to its place on the page of its station, a station to its own', () => {
  expect(memberPath(sensors, { id: 's' })).toBe('/monitor/hazard/stations/a?sensor=s')
  expect(memberPath(door, { id: 'b' })).toBe('/monitor/hazard/stations/b')
  expect(boardPath(relay)).toBe('/data/sources?source=r')
  expect(boardPath(door)).toBe('/data/sources')
})

test('a time that was counted from later than the last word is said to be', () => {
  const heard = '2026-08-03T00:00:00Z'
  const later = '2026-08-03T04:00:00Z'
  expect(isCountedLater({ last_heard: heard, since: heard, members: 1 })).toBe(false)
  expect(isCountedLater({ last_heard: heard, since: later, members: 1 })).toBe(true)
  expect(isCountedLater({ last_heard: heard, since: later, members: 9 })).toBe(false)
})
