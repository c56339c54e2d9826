import type { ApiError } from '@/api/error'
import type { Schema } from '@/api/schema'
import type { Datum } from '@/map/datum'

export { DATUM_NAMES, DATUMS } from '@/map/datum'

export type State = Schema['RegisterState']
export type Place = Schema['Located']

export const STATES = ['operating', 'planned', 'suspended', 'closed'] as const satisfies readonly State[]

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** What is wrong with a credit code (GB 32100-2015), or nothing; the server decides the same. */
export type CodeFault = { why: 'length'; seen: number } | { why: 'character'; at: number; seen: string } | { why: 'check'; seen: string; expected: string }

export function creditCodeFault(text: string): CodeFault | null {
  const code = text.trim().toUpperCase()
  const characters = [...code]
  if (characters.length !== 18) return { why: 'length', seen: characters.length }
  const values = characters.map((character) => ALPHABET.indexOf(character))
  const wrong = values.findIndex((value) => value < 0)
  if (wrong >= 0) return { why: 'character', at: wrong + 1, seen: characters[wrong]! }
  let weight = 1
  let sum = 0
  for (const value of values.slice(0, 17)) {
    sum += value * weight
    weight = (weight * 3) % 31
  }
  const expected = ALPHABET[(31 - (sum % 31)) % 31]!
  const seen = characters[17]!
  return seen === expected ? null : { why: 'check', seen, expected }
}

/** Whether a text is a CAS number whose check digit fits; an empty one is none and no fault. */
export function isCas(text: string): boolean {
  const match = /^([1-9]\d{1,6})-(\d\d)-(\d)$/.exec(text.trim())
  if (!match) return text.trim() === ''
  const digits = [...(match[1]! + match[2]!)].reverse().map(Number)
  return digits.reduce((sum, digit, at) => sum + digit * (at + 1), 0) % 10 === Number(match[3])
}

/** A number as it is typed: `null` when nothing is, `NaN` when it is none. */
export function typedNumber(text: string): number | null {
  const plain = text.trim()
  if (plain === '') return null
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : Number.NaN
}

/** What is typed of a place. */
export interface PlaceForm {
  x: string
  y: string
  datum: Datum
}

export const placeForm = (place: Place | null | undefined): PlaceForm =>
  place ? { x: String(place.original[0]), y: String(place.original[1]), datum: place.datum } : { x: '', y: '', datum: 'cgcs2000' }

/** A typed place: nothing, half of one, out of range, or two numbers and their datum. */
export function typedPlace({ x, y, datum }: PlaceForm): Schema['Coordinates'] | null | 'half' | 'range' {
  const [lon, lat] = [typedNumber(x), typedNumber(y)]
  if (lon === null && lat === null) return null
  if (lon === null || lat === null) return 'half'
  const metres = datum === 'bd09mc'
  const [east, north] = metres ? [20_037_727, 12_474_104] : [180, 90]
  return Math.abs(lon) <= east && Math.abs(lat) <= north ? { original: [lon, lat], datum } : 'range'
}

/** Decimals that a person can copy without losing the metre. */
export const degrees = (value: number): string => value.toFixed(6)

/** What the server found wrong with a field, by the field's own name; the path to it does not matter. */
export function faultOf(error: ApiError | null, name: string): string | null {
  const field = error?.field
  if (field == null) return null
  return field === name || field.endsWith(`.${name}`) ? String(error?.problem.expected ?? error?.message) : null
}

/** Today in Beijing, `2026-08-03`. */
export const today = (now: number): string => new Date(now + 8 * 3_600_000).toISOString().slice(0, 10)

/** The last millisecond of a day in Beijing, as the server takes it. */
export const endOfDay = (day: string): string => new Date(Date.parse(`${day}T00:00:00+08:00`) + 86_399_999).toISOString()

/** What can be done to a record in a state. */
export function steps(state: State | null | undefined): ('start' | 'suspend' | 'close')[] {
  if (state === 'planned' || state === 'suspended') return state === 'planned' ? ['start', 'suspend', 'close'] : ['start', 'close']
  return state === 'operating' ? ['suspend', 'close'] : []
}
export type Step = ReturnType<typeof steps>[number]
