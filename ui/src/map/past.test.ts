import { expect, test } from 'vitest'
import type { JudgedStation } from '@/sense/station/api'
import { stationsAt, type Known } from './past'

const station = (over: object): JudgedStation =>
  ({
    id: 'a',
    registered_at: '2026-08-03T00:00:00Z',
    level: 'red',
    status: 'online',
    last_contact: '2026-08-03T09:00:00Z',
    sensors: [{ id: 's', latest: { time: '2026-08-03T09:00:00Z', value: 9, quality: 0, received: '2026-08-03T09:00:00Z' } }],
    ...over,
  }) as JudgedStation
const at = Date.parse('2026-08-03T02:00:00Z')

test('nothing that came later is on a station of the past', () => {
  const rows: Known['rows'] = [['a', 's', 'water_level', at - 60_000, 3.5, 0]]
  const findings = [{ station: 'a', level: 'blue', state: 'active' }] as Known['findings']
  const [then] = stationsAt([station({})], { at, rows, findings })
  expect(then).toMatchObject({ level: 'blue', status: 'online', last_contact: '2026-08-03T01:59:00.000Z' })
  expect(then!.sensors[0]!.latest).toMatchObject({ value: 3.5, time: '2026-08-03T01:59:00.000Z' })
})

test('a station without a word was silent, and one registered later was not there', () => {
  const none = { at, rows: [], findings: [] }
  expect(stationsAt([station({})], none)).toMatchObject([{ level: null, status: 'silent', last_contact: null, sensors: [{ latest: null }] }])
  expect(stationsAt([station({ registered_at: '2026-08-03T05:00:00Z' })], none)).toEqual([])
})
