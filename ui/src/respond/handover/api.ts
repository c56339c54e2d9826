import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** A sheet by which a desk changes hands. */
export type Handover = Schema['Handover']
export type State = Handover['state']
export type Line = Schema['HandoverLine']
export type LineKind = Line['kind']
export type Sheet = Schema['HandoverSheet']
export type Act = Handover['allowed'][number]
export type Words = Schema['WriteHandover']
export type LineKey = Schema['HandoverLineKey']
export type Desk = Schema['HandoverDesk']
export type Person = Schema['Person']
export type Holder = Schema['Holder']

export const listHandovers = (state: State | null, cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Handover>>('/handovers', { state, cursor }, signal)

export const loadHandover = (id: string, signal?: AbortSignal) => api.get<Handover>(`/handovers/${id}`, {}, signal)

/** The desks that the signed-in person may hand over. */
export const listDesks = async (signal?: AbortSignal): Promise<Desk[]> =>
  (await api.get<Page<Desk>>('/handovers/desks', {}, signal)).items

/** Who may take the desk of a region over. */
export const listTakers = async (region: string, signal?: AbortSignal): Promise<Holder[]> =>
  (await api.get<Page<Holder>>('/handovers/people', { region }, signal)).items

/** `reason`: why it is not who took the desk over last. */
export const begin = async (key: string, region: string, reason: string | null): Promise<Handover> =>
  (await api.post<Handover>('/handovers', { region, reason }, { key })).body

export const write = async (key: string, id: string, words: Words): Promise<Handover> =>
  (await api.put<Handover>(`/handovers/${id}`, words, { key })).body

export const sign = async (key: string, id: string, revision: number): Promise<Handover> =>
  (await api.post<Handover>(`/handovers/${id}/sign`, { revision }, { key })).body

export const receive = async (key: string, id: string, note: string, confirmed: LineKey[]): Promise<Handover> =>
  (await api.post<Handover>(`/handovers/${id}/receive`, { note, confirmed }, { key })).body

export const turn = async (key: string, id: string, how: 'return' | 'withdraw', reason: string): Promise<Handover> =>
  (await api.post<Handover>(`/handovers/${id}/${how}`, { reason }, { key })).body
