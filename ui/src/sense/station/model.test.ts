import { expect, test } from 'vitest'
import type { Readings, Sensor } from './api'
import { byImportance, doubters, extent, figure, grade, isolated, judged, line, look, sums } from './model'

const sensor = (quantity: Sensor['quantity'] = 'water_level'): Sensor => ({
  id: 's',
  station: 'a',
  quantity,
  unit: 'm',
  word: '水位',
  kind: 'gauge',
  element: 'Z',
  element_word: '水位',
  mapping: { name: null, factor: 1, shift: 0, low: null, high: null },
  checks_set: false,
  retired_at: null,
  latest: null,
  period_s: 300,
})

const readings = (over: Partial<Readings>): Readings => ({
  sensor: sensor(),
  from: '',
  to: '',
  points: [],
  buckets: null,
  gaps: [],
  superseded: [],
  flags: [],
  let_go_before: null,
  ...over,
})

const M5 = 300_000

test('a quality byte says how good and who doubted it', () => {
  expect(grade(0)).toBe('good')
  expect(grade(0b1001)).toBe('uncertain')
  expect(grade(0b1010)).toBe('bad')
  expect(doubters(0b1010)).toEqual(['check'])
  expect(doubters(0b0001_0110)).toEqual(['device', 'person'])
  expect(judged(0b1001)).toBe(true)
  expect(judged(0b1010)).toBe(false)
  expect(judged(0b0100_0000)).toBe(false)
})

test('no line is drawn through a gap that the server named', () => {
  const made = line(
    readings({ points: [[0, 1, 0], [M5, 2, 0], [2 * M5, 3, 0], [3 * M5, 4, 0]], gaps: [[M5, 2 * M5]] }),
  )
  expect(made.values).toEqual([1, 2, null, 3, 4])
  expect(made.gaps).toEqual([[300, 600]])
})

test('nor through one that nobody named', () => {
  const made = line(readings({ points: [[0, 1, 0], [4 * M5, 2, 0]] }))
  expect(made.values).toEqual([1, null, 2])
  expect(made.gaps).toEqual([[0, 1200]])
})

test('a value between two breaks is named, because no line reaches it', () => {
  expect(isolated([1, null, 2, 3, null, 4])).toEqual([0, 5])
  expect(isolated([7])).toEqual([0])
  expect(isolated([])).toEqual([])
})

test('one missing reading is no gap', () => {
  expect(line(readings({ points: [[0, 1, 0], [2 * M5, 2, 0]] })).values).toEqual([1, 2])
})

test('a doubtful reading stands outside the line', () => {
  const made = line(readings({ points: [[0, 1, 0], [M5, 9, 0b1010], [2 * M5, 2, 0]] }))
  expect(made.values).toEqual([1, 2])
  expect(made.doubtful).toEqual([[300, 9, 0b1010]])
})

test('buckets draw mean, lowest and highest, and break where one is missing', () => {
  const hour = 3_600_000
  const made = line(
    readings({
      buckets: [
        [0, 12, 1, 3, 2, 2.5, 12],
        [hour, 12, 2, 9, 3, 3.5, 12],
        [3 * hour, 12, 3, 5, 4, 4.5, 12],
      ],
    }),
  )
  expect(made.values).toEqual([2, 3, null, 4])
  expect(made.low).toEqual([1, 2, null, 3])
  expect(made.high).toEqual([3, 9, null, 5])
})

test('of a counter, which has no mean, the line follows the last value of each bucket', () => {
  const made = line(readings({ buckets: [[0, 12, 1, 3, null, 2.5, 12], [M5, 0, null, null, null, null, 0]] }))
  expect(made.values).toEqual([2.5, null])
})

test('the newest value stands at its own time, after the bucket that begins before it', () => {
  const hour = 3_600_000
  const latest = { time: '1970-01-01T01:40:00.000Z', value: 7, quality: 0, received: '' }
  const made = line(
    readings({
      sensor: { ...sensor(), latest },
      to: '1970-01-01T02:00:00.000Z',
      buckets: [
        [0, 12, 1, 3, 2, 2.5, 12],
        [hour, 8, 2, 4, 3, 3.5, 8],
      ],
    }),
  )
  expect(made.times).toEqual([0, 3600, 6000])
  expect(made.values).toEqual([2, 3, 7])
})

test('rain belongs to the hour that ends at its reading, and an hour without data is no zero', () => {
  const hour = 3_600_000
  const made = sums(
    readings({ sensor: sensor('rain_amount'), points: [[hour - M5, 1, 0], [hour, 2, 0], [hour + M5, 4, 0], [4 * hour, 0, 0]] }),
    hour,
  )
  expect(made).toEqual([[3600, 3], [7200, 4], [14_400, 0]])
})

test('of a summed hour only the good readings count, and one without any is no zero', () => {
  const hour = 3_600_000
  const nothing = [2 * hour, 3, null, null, null, null, 0] as const
  const made = sums(readings({ buckets: [[hour, 5, 0, 1, 0.5, 1, 4], [...nothing]] }), hour)
  expect(made).toEqual([[3600, 2]])
})

test('a day of rain ends at midnight in Beijing', () => {
  const day = 86_400_000
  const midnight = Date.parse('2026-08-02T16:00:00Z')
  const made = sums(readings({ points: [[midnight, 1, 0], [midnight + M5, 2, 0]] }), day)
  expect(made).toEqual([[midnight / 1000, 1], [(midnight + day) / 1000, 2]])
})

test('a far line is named at the edge instead of flattening the values', () => {
  expect(extent([261.9, 264.06], [262.5, 264, 265.38]).beyond).toEqual([])
  const far = extent([10, 10.1], [10.3, 90])
  expect(far.beyond).toEqual([90])
  expect(far.high).toBeLessThan(11)
  expect(extent([], []).low).toBeLessThan(extent([], []).high)
})

test('a station that was online when we asked grows stale by itself', () => {
  const at = Date.parse('2026-08-03T03:00:00Z')
  const station = { status: 'online', last_contact: '2026-08-03T03:00:00Z', period_s: 300 } as const
  expect(look(station, at + 899_000)).toBe('online')
  expect(look(station, at + 901_000)).toBe('stale')
  expect(look({ ...station, status: 'silent' }, at)).toBe('silent')
  expect(look({ ...station, status: 'never', last_contact: null }, at)).toBe('never')
})

test('figures have the digits of their quantity, and the water level comes first', () => {
  expect(figure(1980, 'discharge')).toBe('1,980.0')
  expect(figure(264.064, 'water_level')).toBe('264.06')
  const sorted = [sensor('voltage'), sensor('air_temperature'), sensor('water_level')].sort(byImportance)
  expect(sorted.map((each) => each.quantity)).toEqual(['water_level', 'air_temperature', 'voltage'])
})

test('what a check flagged stays on the line and is marked there', () => {
  const made = line(
    readings({
      points: [
        [0, 20, 0],
        [M5, 35, 0b1001],
        [2 * M5, 99, 0b1010],
      ],
      flags: [
        [M5, ['step', 'spike']],
        [2 * M5, ['range']],
      ],
    }),
  )
  expect(made.values).toEqual([20, 35])
  expect(made.flagged).toEqual([[300, 35]])
  expect(made.doubtful).toEqual([[600, 99, 0b1010]])
})
