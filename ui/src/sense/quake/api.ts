import { api, url, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** An earthquake as it is believed, and with what everybody says of it. */
export type Earthquake = Schema['Earthquake']
export type EarthquakeInFull = Schema['EarthquakeDetails']
export type QuakeReport = Schema['EarthquakeReportView']
/** What was said of what it shook: an estimate, or why there is none. */
export type Shaking = Schema['ShakingResult']
export type Estimate = Schema['ShakingEstimate']
export type Line = Schema['ShakingLine']
export type Why = Schema['ShakingWithheldBecause']
/** What stands where it shook, as far as one sees it. */
export type Exposed = Schema['ShakingExposed']
/** A document of an agency, and what came of it. */
export type Message = Schema['EarthquakeMessage']
export type Typed = Schema['TypeEarthquake']

/** One page of earthquakes, the last that quaked first. */
export const listEarthquakes = (magnitude: number | null, cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Earthquake>>('/earthquakes', { magnitude, cursor }, signal)

export const loadEarthquake = (id: string, signal?: AbortSignal) => api.get<EarthquakeInFull>(`/earthquakes/${id}`, {}, signal)

/** All that was said of what it shook, the newest first. */
export const listShaking = async (id: string, signal?: AbortSignal): Promise<Shaking[]> =>
  (await api.get<Page<Shaking>>(`/earthquakes/${id}/shaking`, {}, signal)).items

export const loadExposed = (id: string, signal?: AbortSignal) => api.get<Exposed>(`/earthquakes/${id}/exposed`, {}, signal)

export const listMessages = (cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Message>>('/earthquake-messages', { cursor, limit: 20 }, signal)

export const typeEarthquake = async (key: string, typed: Typed): Promise<EarthquakeInFull> =>
  (await api.post<EarthquakeInFull>('/earthquakes', typed, { key })).body

export const withdrawReport = async (key: string, id: string, report: string, reason: string): Promise<EarthquakeInFull> =>
  (await api.post<EarthquakeInFull>(`/earthquakes/${id}/withdraw`, { report, reason }, { key })).body

/** It is safe to bring a document again: what is here already is nothing new. */
export const bringDocument = (file: File, source: string): Promise<Message> =>
  api.upload<Message>(`/earthquake-reports?${new URLSearchParams(source ? { source } : {})}`, file)

/** Where a document is given as it came in. */
export const rawUrl = (id: string): string => url(`/earthquake-messages/${id}/raw`)
