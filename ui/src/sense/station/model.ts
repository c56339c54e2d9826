import type { Look } from '@/map/points'
import type { Readings, Sensor, Station } from './api'

/** The two low bits of a quality byte: good, uncertain, bad (`base::Quality`). */
export type Grade = 'good' | 'uncertain' | 'bad'

export function grade(quality: number): Grade {
  return (['good', 'uncertain', 'bad', 'bad'] as const)[quality & 0b11]!
}

/** Who doubted a reading, by the bits above the grade; several may have. */
export function doubters(quality: number): ('device' | 'check' | 'person' | 'link' | 'future')[] {
  const bits = [
    [0b0000_0100, 'device'],
    [0b0000_1000, 'check'],
    [0b0001_0000, 'person'],
    [0b0010_0000, 'link'],
    [0b0100_0000, 'future'],
  ] as const
  return bits.filter(([bit]) => quality & bit).map(([, name]) => name)
}

/** Whether the rules look at a reading of this quality. */
export function judged(quality: number): boolean {
  return grade(quality) !== 'bad' && (quality & 0b0100_0000) === 0
}

/** Digits after the point that make sense for a quantity (`base::Quantity::decimals`). */
const DECIMALS: Record<string, number> = {
  water_level: 2,
  voltage: 2,
  flow_velocity: 2,
  groundwater_depth: 2,
  gate_opening: 2,
  wind_direction: 0,
  status_word: 0,
}

export function decimals(quantity: string): number {
  return DECIMALS[quantity] ?? 1
}

/** A value with its quantity's digits and grouped thousands: `1,980.0`. */
export function figure(value: number, quantity: string): string {
  const digits = decimals(quantity)
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** How a station is drawn at `now` (ms): the server's word, unless its data have aged since. */
export function look(station: Pick<Station, 'status' | 'last_contact' | 'period_s'>, now: number): Look {
  if (station.status !== 'online' || station.last_contact === null) return station.status
  const age = (now - Date.parse(station.last_contact)) / 1000
  return age > 3 * station.period_s ? 'stale' : 'online'
}

/** Sensors by what a duty officer asks for first. */
const FIRST = ['water_level', 'discharge', 'rain_amount', 'rain_rate', 'groundwater_depth', 'soil_moisture', 'gate_opening']
const LAST = ['voltage', 'status_word']

export function byImportance(a: Sensor, b: Sensor): number {
  const place = (sensor: Sensor): number => {
    const first = FIRST.indexOf(sensor.quantity)
    if (first >= 0) return first
    return LAST.includes(sensor.quantity) ? 200 : 100
  }
  return place(a) - place(b)
}

/** Indices of values with a break on both sides: no line shows them, so the chart must. */
export function isolated(values: (number | null)[]): number[] {
  const found: number[] = []
  values.forEach((value, index) => {
    if (value !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null) found.push(index)
  })
  return found
}

/** Points as parallel columns for the chart; `null` where the line must break. Times in s. */
export interface Line {
  times: number[]
  values: (number | null)[]
  /** Lowest and highest of each bucket; empty when the points are raw. */
  low: (number | null)[]
  high: (number | null)[]
  /** Readings that no rule looks at, outside the line. `[time s, value, quality]` */
  doubtful: [number, number, number][]
  /** Readings on the line that failed a check of ours. `[time s, value]` */
  flagged: [number, number][]
  /** `[from s, to s]` without data: those the server named and those we see. */
  gaps: [number, number][]
}

/**
 * Turns readings into a line that never crosses a gap.
 *
 * - A doubtful reading leaves the line and is kept apart.
 * - Where two points lie further apart than three periods the line breaks, also
 *   when the server did not call it a gap.
 * - Of buckets the line follows the mean, or the last value where the kind has none,
 *   between lowest and highest: no peak is lost.
 */
export function line(readings: Readings): Line {
  const made: Line = { times: [], values: [], low: [], high: [], doubtful: [], flagged: [], gaps: [] }
  const period = (readings.sensor.period_s ?? 0) * 1000
  const flags = new Set(readings.flags.map(([time]) => time))
  made.flagged = readings.points.flatMap(([time, value, quality]): [number, number][] =>
    flags.has(time) && judged(quality) ? [[time / 1000, value]] : [],
  )
  const rows = readings.buckets
    ? readings.buckets.map(([time, , min, max, mean, last]) => ({ time, value: mean ?? last, min, max }))
    : readings.points.flatMap(([time, value, quality]) => {
        if (judged(quality)) return [{ time, value, min: value, max: value }]
        made.doubtful.push([time / 1000, value, quality])
        return []
      })
  // A bucket stands at its beginning; the newest value has a time of its own.
  const { latest } = readings.sensor
  const lastRow = rows[rows.length - 1]
  if (readings.buckets && latest && lastRow && judged(latest.quality)) {
    const time = Date.parse(latest.time)
    const { value } = latest
    if (time > lastRow.time && time <= Date.parse(readings.to)) rows.push({ time, value, min: value, max: value })
  }
  const width = readings.buckets && rows.length > 1 ? smallestStep(readings.buckets.map(([time]) => time)) : 0
  const most = Math.max(3 * period, 1.5 * width)
  const gaps: [number, number][] = readings.gaps.map(([from, to]) => [from, to])

  let before: number | null = null
  for (const row of rows) {
    if (before !== null && most > 0 && row.time - before > most) {
      const [from, to] = [before, row.time]
      if (!gaps.some(([start, end]) => start < to && end > from)) gaps.push([from, to])
      made.times.push((from + 1) / 1000)
      made.values.push(null)
      made.low.push(null)
      made.high.push(null)
    } else if (before !== null && gaps.some(([start, end]) => start >= before! && end <= row.time && end > start)) {
      made.times.push((before + 1) / 1000)
      made.values.push(null)
      made.low.push(null)
      made.high.push(null)
    }
    made.times.push(row.time / 1000)
    made.values.push(row.value)
    made.low.push(row.min)
    made.high.push(row.max)
    before = row.time
  }
  if (!readings.buckets) {
    made.low = []
    made.high = []
  }
  made.gaps = gaps.sort((a, b) => a[0] - b[0]).map(([from, to]) => [from / 1000, to / 1000])
  return made
}

function smallestStep(times: number[]): number {
  let least = Number.POSITIVE_INFINITY
  for (let index = 1; index < times.length; index += 1) {
    least = Math.min(least, times[index]! - times[index - 1]!)
  }
  return Number.isFinite(least) ? least : 0
}

/**
 * Sums an amount (rain) into steps on Beijing's clock.
 *
 * - `step` in ms, a divisor of a day; a reading belongs to the step that ends at or after it,
 *   because it reports what fell before its time.
 * - Returns `[end of step s, sum]`; a step without any good reading is left out, not zero.
 */
export function sums(readings: Readings, step: number): [number, number][] {
  const rows: [number, number][] = readings.buckets
    ? readings.buckets.flatMap(([time, , , , mean, , good]) => (mean === null ? [] : [[time, good * mean]]))
    : readings.points.filter(([, , quality]) => judged(quality)).map(([time, value]) => [time, value])
  const offset = 8 * 3_600_000
  const totals = new Map<number, number>()
  for (const [time, value] of rows) {
    const end = Math.ceil((time + offset) / step) * step - offset
    totals.set(end, (totals.get(end) ?? 0) + value)
  }
  return [...totals].sort((a, b) => a[0] - b[0]).map(([end, sum]) => [end / 1000, sum])
}

/**
 * The vertical range of a chart: all values, and those lines that are near enough
 * not to flatten them. `beyond` are the lines left out, to be named at the edge.
 */
export function extent(values: number[], lines: number[]): { low: number; high: number; beyond: number[] } {
  if (values.length === 0) {
    const all = lines.length > 0 ? lines : [0, 1]
    return { ...padded(Math.min(...all), Math.max(...all)), beyond: [] }
  }
  let low = values.reduce((a, b) => Math.min(a, b))
  let high = values.reduce((a, b) => Math.max(a, b))
  const reach = Math.max(3 * (high - low), 0.02 * Math.abs(high), 0.1)
  const near = lines.filter((at) => at >= low - reach && at <= high + reach)
  const beyond = lines.filter((at) => !near.includes(at))
  low = Math.min(low, ...near)
  high = Math.max(high, ...near)
  return { ...padded(low, high), beyond }
}

function padded(low: number, high: number): { low: number; high: number } {
  const margin = Math.max((high - low) * 0.08, 0.02)
  return { low: low - margin, high: high + margin }
}
