import type { Station } from '../station/api'
import { typedNumber } from '../sender/model'
import type { Check, Definition, SensorChecks, Settings } from './api'

export const CHECKS = ['range', 'step', 'spike', 'stuck', 'neighbour'] as const satisfies readonly Check[]
/** The range is the sensor's mapping; the others are set here. */
export const SETTABLE = ['step', 'spike', 'stuck', 'neighbour'] as const
export type Settable = (typeof SETTABLE)[number]

/** Whose limits a check has: the device's mapping, the quantity's, a person's; or none are made. */
export type Whose = 'mapping' | 'quantity' | 'person' | 'off' | 'none'

export function whose(check: Check, checks: SensorChecks, mapping: { low: number | null; high: number | null }): Whose {
  if (check === 'range') {
    if (mapping.low !== null || mapping.high !== null) return 'mapping'
    return checks.low !== null || checks.high !== null ? 'quantity' : 'none'
  }
  if (checks.set?.off.includes(check)) return 'off'
  if (checks.set?.[check]) return 'person'
  return checks[check] ? 'quantity' : 'none'
}

/** Who says a limit of the quantity, and how far that can be relied on. */
export function saidBy(check: Check, definition: Definition | undefined): { source: string; confidence: string } | null {
  const limit = definition?.[check]
  return limit ? { source: limit.source, confidence: limit.confidence } : null
}

/** What takes back all that was set. */
export const nothing = (reason: string): Settings => ({ off: [], step: null, spike: null, stuck: null, neighbour: null, exclude: [], reason })

type Mode = 'quantity' | 'own' | 'off'

/** What is typed; spans are in minutes. */
export interface ChecksForm {
  step: { mode: Mode; rows: { minutes: string; limit: string }[] }
  spike: { mode: Mode; limit: string; minutes: string }
  stuck: { mode: Mode; vary: string; minutes: string; rest: string }
  neighbour: { mode: Mode; limit: string; minutes: string; sensors: string[] }
  exclude: Check[]
  reason: string
}

const minutes = (seconds: number): string => String(Number((seconds / 60).toFixed(4)))
const text = (value: number | null | undefined): string => (value == null ? '' : String(value))

/** What a form starts with: what holds now, and the quantity's limits where a check is off. */
export function formOf(checks: SensorChecks, definition: Definition | undefined): ChecksForm {
  const mode = (check: Settable): Mode => {
    if (checks.set?.off.includes(check)) return 'off'
    return checks.set?.[check] ? 'own' : 'quantity'
  }
  const step = checks.step ?? definition?.step
  const spike = checks.spike ?? definition?.spike
  const stuck = checks.stuck ?? definition?.stuck
  const near = checks.neighbour ?? definition?.neighbour
  const rows = (step?.within ?? []).map(([seconds, limit]) => ({ minutes: minutes(seconds!), limit: text(limit) }))
  return {
    step: { mode: mode('step'), rows: rows.length > 0 ? rows : [{ minutes: '', limit: '' }] },
    spike: { mode: mode('spike'), limit: text(spike?.limit), minutes: spike ? minutes(spike.within_s) : '' },
    stuck: { mode: mode('stuck'), vary: text(stuck?.vary), minutes: stuck ? minutes(stuck.span_s) : '', rest: text(stuck?.rest) },
    neighbour: { mode: mode('neighbour'), limit: text(near?.limit), minutes: near ? minutes(near.within_s) : '', sensors: [...(checks.neighbour?.sensors ?? [])] },
    exclude: [...checks.exclude],
    reason: '',
  }
}

/** The fields with a number that is none, and the settings where there are no such fields. */
export interface Typed {
  faults: Partial<Record<Settable, 'number' | 'sensors'>>
  settings: Settings | null
}

const LEAST_NEIGHBOURS = 3
const MOST_NEIGHBOURS = 8

/** Reads the form; the server decides whether the numbers make sense together. */
export function typedChecks(form: ChecksForm): Typed {
  const faults: Typed['faults'] = {}
  const number = (check: Settable, typed: string): number => {
    const value = typedNumber(typed)
    if (value == null) faults[check] ??= 'number'
    return value ?? 0
  }
  const seconds = (check: Settable, typed: string): number => Math.max(0, Math.round(number(check, typed) * 60))
  const own = <Limit>(check: Settable, read: () => Limit): Limit | null => (form[check].mode === 'own' ? read() : null)
  const settings: Settings = {
    off: SETTABLE.filter((check) => form[check].mode === 'off'),
    step: own('step', () => ({ within: form.step.rows.map((row): [number, number] => [seconds('step', row.minutes), number('step', row.limit)]) })),
    spike: own('spike', () => ({ limit: number('spike', form.spike.limit), within_s: seconds('spike', form.spike.minutes) })),
    stuck: own('stuck', () => ({
      vary: number('stuck', form.stuck.vary),
      span_s: seconds('stuck', form.stuck.minutes),
      rest: form.stuck.rest.trim() === '' ? null : number('stuck', form.stuck.rest),
    })),
    neighbour: own('neighbour', () => ({
      limit: number('neighbour', form.neighbour.limit),
      within_s: seconds('neighbour', form.neighbour.minutes),
      sensors: form.neighbour.sensors,
    })),
    exclude: form.exclude,
    reason: form.reason.trim(),
  }
  const count = form.neighbour.sensors.length
  if (form.neighbour.mode === 'own' && (count < LEAST_NEIGHBOURS || MOST_NEIGHBOURS < count)) faults.neighbour ??= 'sensors'
  return { faults, settings: Object.keys(faults).length > 0 ? null : settings }
}

/** A sensor that may be a neighbour, with how far away it stands. */
export interface Near {
  id: string
  word: string
  km: number
}

const EARTH_KM = 6371.0088

/** By the haversine formula, on a sphere: only to put a list in order. */
function distance(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const rad = Math.PI / 180
  const half = Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2
  return 2 * EARTH_KM * Math.asin(Math.sqrt(half))
}

/** Sensors of the same quantity at other places, the nearest first. */
export function near(stations: readonly Station[], here: Station, sensor: { id: string; quantity: string }): Near[] {
  const found: Near[] = []
  for (const station of stations) {
    if (!station.point || !here.point) continue
    for (const other of station.sensors) {
      if (other.id === sensor.id || other.quantity !== sensor.quantity || other.retired_at !== null) continue
      found.push({ id: other.id, word: `${station.name} ${other.mapping.name ?? other.element}`, km: distance(here.point, station.point) })
    }
  }
  return found.sort((a, b) => a.km - b.km)
}
