import type { Earthquake, Estimate, Line, QuakeReport, Typed } from './api'

type Box = [west: number, south: number, east: number, north: number]
export type Place = { lon: number; lat: number }

const ROMAN = ['Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', 'Ⅵ', 'Ⅶ', 'Ⅷ', 'Ⅸ', 'Ⅹ', 'Ⅺ', 'Ⅻ'] as const

/** `Ⅶ`: degrees of intensity are written so. */
export const roman = (degree: number): string => ROMAN[Math.min(12, Math.max(1, Math.round(degree))) - 1]!

/** `Ⅵ`, or `Ⅴ～Ⅵ` when it may be either. */
export function degreeText([least, most]: readonly number[]): string {
  if (least === undefined || most === undefined) return '—'
  return least === most ? roman(most) : `${roman(least)}～${roman(most)}`
}

/** `5.2`, or `5.1～6.0`. */
export const feltText = ({ least, most }: { least: number; most: number }): string =>
  least === most ? most.toFixed(1) : `${least.toFixed(1)}～${most.toFixed(1)}`

/** `Ms5.2`; nothing is said where nobody said a magnitude. */
export const magnitudeText = ({ magnitude, scale }: Pick<Earthquake['shown'], 'magnitude' | 'scale'>): string =>
  magnitude === null || magnitude === undefined ? '—' : `${scale ?? 'M'} ${magnitude.toFixed(1)}`

/** `44.73°N 124.05°E`. */
export const placeText = ({ lon, lat }: Place): string =>
  `${Math.abs(lat).toFixed(2)}°${lat < 0 ? 'S' : 'N'} ${Math.abs(lon).toFixed(2)}°${lon < 0 ? 'W' : 'E'}`

const KM_OF_DEGREE = 111.195
const CORNERS = 96

/** A circle round a place, closed. Small against the earth, so that it is drawn as one. */
export function circle({ lon, lat }: Place, km: number): [number, number][] {
  const north = km / KM_OF_DEGREE
  const east = north / Math.max(0.05, Math.cos((lat * Math.PI) / 180))
  return Array.from({ length: CORNERS + 1 }, (_, at) => {
    const angle = (2 * Math.PI * (at % CORNERS)) / CORNERS
    return [lon + east * Math.sin(angle), lat + north * Math.cos(angle)]
  })
}

/** A line to draw: within it the degree is reached, surely (short axis) or perhaps (long axis). */
export interface Ring {
  degree: number
  surely: boolean
  ring: [number, number][]
}

/** The lines of an estimate from Ⅴ on: what is less is felt and breaks nothing. */
export function rings(epicentre: Place, lines: readonly Line[], reach: number, from = 5): Ring[] {
  const drawn: Ring[] = []
  for (const { degree, short_km: short, long_km: long } of lines) {
    if (degree < from) continue
    for (const [km, surely] of [[long ?? reach, false], [short ?? reach, true]] as const) {
      if (km > 0) drawn.push({ degree, surely, ring: circle(epicentre, km) })
    }
  }
  return drawn
}

/** West, south, east and north round the lowest degree that is drawn; some 50 km where none is. */
export function boxOf(epicentre: Place, drawn: readonly Ring[]): Box {
  const all = [...drawn.flatMap(({ ring }) => ring), ...circle(epicentre, 50)]
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)]
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

/** How far a report is from what is believed; `null` for what either does not say. */
export interface Apart {
  seconds: number
  km: number
  depth: number | null
  magnitude: number | null
}

export function apart(report: QuakeReport, shown: Earthquake['shown']): Apart {
  const minus = (one: number | null | undefined, other: number | null | undefined): number | null =>
    one === null || one === undefined || other === null || other === undefined ? null : one - other
  return {
    seconds: (Date.parse(report.time) - Date.parse(shown.time)) / 1000,
    km: distance(report.point, shown.point),
    depth: minus(report.depth_km, shown.depth_km),
    magnitude: minus(report.magnitude, shown.magnitude),
  }
}

/** Along the surface of a sphere of the Earth's mean radius, km. */
export function distance(one: Place, other: Place): number {
  const rad = Math.PI / 180
  const north = Math.sin(((other.lat - one.lat) * rad) / 2)
  const east = Math.sin(((other.lon - one.lon) * rad) / 2)
  const half = north * north + Math.cos(one.lat * rad) * Math.cos(other.lat * rad) * east * east
  return 2 * 6371.0088 * Math.asin(Math.min(1, Math.sqrt(half)))
}

/** People with exactly each degree from Ⅴ on, from sums of "or more", the gravest first. */
export function byDegree(people: Estimate['people']): { degree: number; surely: number; perhaps: number }[] {
  const only = (sums: readonly number[], at: number): number => (sums[at] ?? 0) - (sums[at + 1] ?? 0)
  return Array.from({ length: 8 }, (_, back) => 11 - back)
    .map((at) => ({ degree: at + 1, surely: only(people.surely, at), perhaps: only(people.perhaps, at) }))
    .filter(({ surely, perhaps }) => surely > 0 || perhaps > 0)
}

export const SCALES = ['M', 'Ms', 'Mw', 'ML', 'mb'] as const
export const STANDINGS = ['automatic', 'reviewed', 'unknown'] as const

/** What the form holds: text, as it was typed. */
export interface Form {
  time: string
  minute: boolean
  lon: string
  lat: string
  depth: string
  magnitude: string
  scale: (typeof SCALES)[number]
  place: string
  standing: (typeof STANDINGS)[number]
  source: string
  reason: string
}

export type FormField = 'time' | 'lon' | 'lat' | 'depth' | 'magnitude' | 'place' | 'source' | 'reason'

const number = (text: string): number | null => (text.trim() === '' ? null : Number(text))
const outside = (text: string, least: number, most: number): boolean => {
  const value = number(text)
  return value !== null && !(value >= least && value <= most)
}
const short = (text: string): boolean => text.trim().length < 2

/** The fields that cannot be so; the server asks the same. */
export function faults(form: Form, time: string | null, now: number): FormField[] {
  const found: FormField[] = []
  if (time === null || Date.parse(time) > now) found.push('time')
  if (form.lon.trim() === '' || outside(form.lon, -180, 180)) found.push('lon')
  if (form.lat.trim() === '' || outside(form.lat, -90, 90)) found.push('lat')
  if (outside(form.depth, -10, 800)) found.push('depth')
  if (outside(form.magnitude, -2, 10)) found.push('magnitude')
  if (short(form.place)) found.push('place')
  if (short(form.source)) found.push('source')
  if (short(form.reason)) found.push('reason')
  return found
}

/** What is sent of a form without faults. */
export function typed(form: Form, time: string, corrects: string | null): Typed {
  const magnitude = number(form.magnitude)
  return {
    corrects,
    time,
    to_the_minute: form.minute,
    lon: Number(form.lon),
    lat: Number(form.lat),
    depth_km: number(form.depth),
    magnitude,
    scale: magnitude === null ? null : form.scale,
    place: form.place.trim(),
    standing: form.standing,
    source: form.source.trim(),
    reason: form.reason.trim(),
  }
}

/** A form that begins with what was typed before, to correct it. */
export function formOf(report: QuakeReport | null, time: string): Form {
  const text = (value: number | null | undefined): string => (value === null || value === undefined ? '' : String(value))
  const typedBy = report && 'typed' in report.origin ? report.origin.typed : null
  return {
    time,
    minute: (report?.time_within_s ?? 60) > 0,
    lon: text(report?.point.lon),
    lat: text(report?.point.lat),
    depth: text(report?.depth_km),
    magnitude: text(report?.magnitude),
    scale: SCALES.find((each) => each === report?.scale) ?? 'M',
    place: report?.place ?? '',
    standing: STANDINGS.find((each) => each === report?.standing) ?? 'automatic',
    source: typedBy?.source ?? '',
    reason: '',
  }
}
