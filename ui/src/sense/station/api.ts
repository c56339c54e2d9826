import { api, type Download, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'
import type { Level } from '@/kit/level'

/** One measured quantity of a station. Times are RFC 3339, the period is in seconds. */
export type Sensor = Schema['Sensor']

export type Station = Schema['Station']
export type StationClass = Station['class']
export type StationStatus = Station['status']

/** A station with the gravest level of its standing findings, which a later stage knows. */
export interface JudgedStation extends Station {
  level: Level | null
}

/** A frame as it arrived; `hex` is the bytes, a span names `len` bytes from `start`. */
export type Frame = Schema['RawFrame']

/** Times in ms. `points` are raw; when there were too many, `buckets` stand instead. */
export type Readings = Schema['SensorRecord']

/** `[ms, count, min, max, mean, last]`; where nothing good was read, the last four are `null`. */
export type Bucket = NonNullable<Readings['buckets']>[number]

export interface StationFilter {
  region?: string
  q?: string
}

/** As many points as the map is built for. */
const MOST_STATIONS = 20_000

export const listStations = (filter: StationFilter, signal?: AbortSignal) =>
  api.all<Station>('/stations', { ...filter }, signal, MOST_STATIONS)

export const loadStation = (id: string, signal?: AbortSignal) =>
  api.get<Station>(`/stations/${id}`, {}, signal)

export async function listFrames(id: string, limit: number, signal?: AbortSignal): Promise<Frame[]> {
  return (await api.get<Page<Frame>>(`/stations/${id}/frames`, { limit }, signal)).items
}

/** `known` (ms): as it was known at that moment; as it is known now when absent. */
export const loadReadings = (sensor: string, from: number, to: number, buckets: number, signal?: AbortSignal, known: number | null = null) =>
  api.get<Readings>(
    `/sensors/${sensor}/readings`,
    {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      buckets,
      known: known === null ? null : new Date(known).toISOString(),
    },
    signal,
  )

export type ExportFormat = 'csv' | 'parquet'

/** The readings of one sensor as a file. */
export const exportReadings = (sensor: string, from: string, to: string, format: ExportFormat): Promise<Download | null> =>
  api.download('/readings/export', { sensors: sensor, from, to, format })
