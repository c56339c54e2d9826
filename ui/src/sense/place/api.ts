import { api } from '@/api/client'
import type { Schema } from '@/api/schema'

/** Where a station stands, at what of the registers, and what was said of it before. */
export type StationPlace = Schema['StationPlace']
export type SetPlace = Schema['SetStationPlace']

export const loadPlace = (station: string, signal?: AbortSignal) => api.get<StationPlace>(`/stations/${station}/place`, {}, signal)

export const setPlace = async (key: string, station: string, said: SetPlace): Promise<StationPlace> =>
  (await api.post<StationPlace>(`/stations/${station}/place`, said, { key })).body
