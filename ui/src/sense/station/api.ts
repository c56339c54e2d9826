import { api, type Page } from '@/api/client'
import type { Level } from '@/kit/level'

// Written by hand after the HTTP contract until the generated schema replaces it.

export type StationClass =
  | 'river'
  | 'reservoir'
  | 'rain'
  | 'gate'
  | 'pump'
  | 'tide'
  | 'soil'
  | 'groundwater'
  | 'quality'
  | 'intake'
  | 'outlet'
  | 'other'

export type StationStatus = 'online' | 'stale' | 'silent' | 'never'

/** One measured quantity of a station. Times are RFC 3339, the period is in seconds. */
export interface Sensor {
  id: string
  station: string
  quantity: string
  unit: string
  word: string
  kind: 'gauge' | 'counter' | 'amount' | 'state' | 'direction'
  element: string
  latest: { time: string; value: number; quality: number; received: string } | null
  period_s: number | null
}

export interface Station {
  id: string
  code: string
  name: string
  class: StationClass
  region: string
  region_name: string
  river: string | null
  point: { lon: number; lat: number } | null
  protocol: string
  period_s: number
  status: StationStatus
  last_contact: string | null
  sensors: Sensor[]
}

/** A station with the gravest level of its standing findings, which a later stage knows. */
export interface JudgedStation extends Station {
  level: Level | null
}

/** A frame as it arrived; `hex` is the bytes, a span names `len` bytes from `start`. */
export interface Frame {
  received: string
  source: string
  hex: string
  outcome: 'stored' | 'refused' | 'duplicate'
  reason: string | null
  acknowledged_ms: number | null
  spans: { start: number; len: number; name: string; text: string }[]
}

/** Times in ms. `points` are raw; when there were too many, `buckets` stand instead. */
export interface Readings {
  sensor: Sensor
  from: string
  to: string
  points: [time: number, value: number, quality: number][]
  buckets: [time: number, count: number, min: number, max: number, mean: number, last: number][] | null
  gaps: [from: number, to: number][]
  superseded: [time: number, value: number, known: number][]
}

export interface StationFilter {
  region?: string
  q?: string
}

export const listStations = (filter: StationFilter, signal?: AbortSignal) =>
  api.all<Station>('/stations', { ...filter }, signal)

export const loadStation = (id: string, signal?: AbortSignal) =>
  api.get<Station>(`/stations/${id}`, {}, signal)

export async function listFrames(id: string, limit: number, signal?: AbortSignal): Promise<Frame[]> {
  return (await api.get<Page<Frame>>(`/stations/${id}/frames`, { limit }, signal)).items
}

export const loadReadings = (sensor: string, from: number, to: number, buckets: number, signal?: AbortSignal) =>
  api.get<Readings>(
    `/sensors/${sensor}/readings`,
    { from: new Date(from).toISOString(), to: new Date(to).toISOString(), buckets },
    signal,
  )
