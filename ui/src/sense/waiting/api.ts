import { api } from '@/api/client'
import type { Schema } from '@/api/schema'
import type { Station } from '../station/api'

/** A device that reported without being known: neither dropped nor trusted. */
export type WaitingDevice = Schema['WaitingDevice']
export type StationDetails = Schema['StationDetails']

export const listWaiting = async (signal?: AbortSignal): Promise<WaitingDevice[]> =>
  (await api.all<WaitingDevice>('/waiting-room', {}, signal)).filter((device) => device.state === 'waiting')

export const admit = async (key: string, id: string, details: StationDetails): Promise<Station> =>
  (await api.post<Station>(`/waiting-room/${id}/admit`, details, { key })).body

export const refuse = async (key: string, id: string, reason: string): Promise<WaitingDevice> =>
  (await api.post<WaitingDevice>(`/waiting-room/${id}/refuse`, { reason }, { key })).body
