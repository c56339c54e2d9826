import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'
import type { Station } from '../station/api'

/** What is checked of a sensor; what a person set of it; the table behind it; a try-out. */
export type SensorChecks = Schema['SensorChecks']
export type Settings = Schema['CheckSettings']
export type Definitions = Schema['QualityChecks']
export type Definition = Schema['QuantityChecks']
export type Preview = Schema['ChecksPreview']
export type Check = Schema['QualityCheck']

export const loadChecks = (sensor: string, signal?: AbortSignal) => api.get<SensorChecks>(`/sensors/${sensor}/checks`, {}, signal)

export const loadDefinitions = (signal?: AbortSignal) => api.get<Definitions>('/quality-checks', {}, signal)

export const setChecks = async (key: string, sensor: string, settings: Settings): Promise<SensorChecks> =>
  (await api.post<SensorChecks>(`/sensors/${sensor}/checks`, settings, { key })).body

/** Sets nothing: what would have been flagged of the last hours. */
export const tryChecks = async (key: string, sensor: string, hours: number, settings: Settings): Promise<Preview> =>
  (await api.post<Preview>(`/sensors/${sensor}/checks/preview`, { hours, settings }, { key })).body

/** Stations in the region of one, of which neighbours may be chosen. */
export const listNear = async (region: string, signal?: AbortSignal): Promise<Station[]> =>
  (await api.get<Page<Station>>('/stations', { region, limit: 200 }, signal)).items
