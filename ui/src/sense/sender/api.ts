import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'
import type { Station } from '../station/api'

/** What a station's host defines or sends, with the sensor made of it. */
export type Point = Schema['StationPoint']
export type Key = Schema['StationKey']
export type Mapping = Point['mapping']
export type Held = Schema['HeldFrames']
export type Quantity = NonNullable<Point['quantity']>

/** A sensor for a point; what is left out is what its name suggests. */
export interface NewSensor {
  element: string
  quantity?: Quantity | null
  name?: string | null
  factor?: number | null
  shift?: number | null
  low?: number | null
  high?: number | null
}

export interface Edit {
  adopts?: boolean
  add_sensors?: NewSensor[]
  mend_sensors?: (Omit<NewSensor, 'element' | 'quantity'> & { sensor: string })[]
  retire_sensors?: string[]
}

export const listPoints = async (station: string, signal?: AbortSignal): Promise<Point[]> =>
  (await api.get<Page<Point>>(`/stations/${station}/points`, {}, signal)).items

export const loadHeld = (station: string, signal?: AbortSignal) => api.get<Held>(`/stations/${station}/held`, {}, signal)

export const replay = async (key: string, station: string, since: string | null): Promise<Held> =>
  (await api.post<Held>(`/stations/${station}/replay`, { since }, { key })).body

export const edit = async (key: string, station: string, body: Edit): Promise<Station> =>
  (await api.post<Station>(`/stations/${station}/edit`, body, { key })).body

export const register = async (key: string, body: Schema['RegisterStation']): Promise<Station> =>
  (await api.post<Station>('/stations', body, { key })).body

export const listKeys = async (station: string, signal?: AbortSignal): Promise<Key[]> =>
  (await api.get<Page<Key>>(`/stations/${station}/keys`, {}, signal)).items

export const issueKey = async (key: string, station: string, overlap: number): Promise<Key> =>
  (await api.post<Key>(`/stations/${station}/keys`, { overlap_h: overlap }, { key })).body

export const endKey = async (key: string, station: string, id: string): Promise<Key> =>
  (await api.post<Key>(`/stations/${station}/keys/${id}/end`, {}, { key })).body

export type Relay = Schema['StationRelay']

export const loadRelay = (station: string, signal?: AbortSignal) => api.get<Relay>(`/stations/${station}/relay`, {}, signal)

/** Others that could report for a station: those whose name or code contains a text. */
export async function findSenders(text: string, station: string, signal?: AbortSignal): Promise<Station[]> {
  const { items } = await api.get<Page<Station>>('/stations', { q: text, limit: 200 }, signal)
  return items.filter((each) => each.protocol === 'json' && each.id !== station)
}

/** Lets another station speak for this one; `null` is nobody but itself. */
export const setRelay = async (key: string, station: string, relay: string | null): Promise<Relay> =>
  (await api.post<Relay>(`/stations/${station}/relay`, { relay }, { key })).body

/** Looking is noted in the trail. */
export const showKey = async (station: string, id: string): Promise<string> =>
  (await api.get<{ key: string }>(`/stations/${station}/keys/${id}/secret`)).key

/** One way to send to this node, as whoever installs the device needs it. */
export type Way = Schema['WayIn']

export const listWays = async (station: string, signal?: AbortSignal): Promise<Way[]> =>
  (await api.get<Page<Way>>(`/stations/${station}/ways`, {}, signal)).items

/** What is expected of a station's line; `null` is what the table says for its protocol, and no stop. */
export const setSilence = async (
  key: string,
  station: string,
  body: { silent_after_s: number | null; paused_until: string | null; reason: string },
): Promise<Station> => (await api.post<Station>(`/stations/${station}/silence`, body, { key })).body
