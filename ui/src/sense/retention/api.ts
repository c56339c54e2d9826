import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** For how long readings are kept, what there is, and what went of late. */
export type Retention = Schema['Retention']
export type RetentionClass = Schema['RetentionClass']
export type RetentionRun = Schema['RetentionRun']
/** By which class a sensor is kept, which others it may be given, and who said so before. */
export type SensorRetention = Schema['SensorRetention']
/** A range of readings that stays, whatever its class says. */
export type Hold = Schema['Hold']
export type PlaceHold = Schema['PlaceHold']

export const loadRetention = (signal?: AbortSignal) => api.get<Retention>('/retention', {}, signal)

export const loadSensorRetention = (sensor: string, signal?: AbortSignal) => api.get<SensorRetention>(`/sensors/${sensor}/retention`, {}, signal)

/** `null` gives it back to its rule. */
export const setSensorRetention = async (key: string, sensor: string, code: string | null, reason: string): Promise<SensorRetention> =>
  (await api.post<SensorRetention>(`/sensors/${sensor}/retention`, { class: code, reason }, { key })).body

export const listHolds = (active: boolean, signal?: AbortSignal): Promise<Page<Hold>> =>
  api.get<Page<Hold>>('/holds', { active, limit: 200 }, signal)

export const loadHold = (id: string, signal?: AbortSignal) => api.get<Hold>(`/holds/${id}`, {}, signal)

export const placeHold = async (key: string, hold: PlaceHold): Promise<Hold> => (await api.post<Hold>('/holds', hold, { key })).body

export const endHold = async (key: string, id: string, reason: string): Promise<Hold> =>
  (await api.post<Hold>(`/holds/${id}/end`, { reason }, { key })).body
