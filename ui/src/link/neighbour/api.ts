import { api } from '@/api/client'
import type { Schema } from '@/api/schema'

/** The keys of other nodes and what was decided about them, what came of them, and what was refused. */
export type Neighbours = Schema['Neighbours']
export type NeighbourKey = Schema['NeighbourKey']
export type Heard = Schema['Heard']
export type HeldGrant = Schema['HeldGrant']
export type Refused = Schema['Refused']
export type OwnKey = Schema['OwnKey']

export const loadNeighbours = (signal?: AbortSignal) => api.get<Neighbours>('/neighbours', {}, signal)

/** The key that this node signs with, and the name that it goes by among nodes. */
export const loadOwnKey = (signal?: AbortSignal) => api.get<OwnKey>('/node/key', {}, signal)

export const changeOwnKey = async (key: string): Promise<OwnKey> => (await api.post<OwnKey>('/node/key/change', {}, { key })).body

/** Believes a key as far as `regions` go; said again, the regions are those of the last time. */
export const trust = async (key: string, origin: string, fingerprint: string, regions: string[]): Promise<NeighbourKey> =>
  (await api.post<NeighbourKey>('/neighbours', { origin, fingerprint, regions }, { key })).body

/** What a node may read of this one's log. */
export type Reading = Schema['Reading']
export type Openness = Reading['openness']

/** Says what a node may read; no regions: what is public. */
export const letRead = async (key: string, origin: string, regions: string[], openness: Openness): Promise<Reading> =>
  (await api.post<Reading>('/neighbours/readings', { origin, regions, openness }, { key })).body

const of = (origin: string): string => `/neighbours/${encodeURIComponent(origin)}`

export const distrust = async (key: string, origin: string, fingerprint: string, reason: string): Promise<NeighbourKey> =>
  (await api.post<NeighbourKey>(`${of(origin)}/distrust`, { fingerprint, reason }, { key })).body

export const grant = async (key: string, origin: string, permission: string, region: string): Promise<Schema['NeighbourGrant']> =>
  (await api.post<Schema['NeighbourGrant']>(`${of(origin)}/grants`, { permission, region }, { key })).body

export const withdraw = async (key: string, origin: string, permission: string, region: string): Promise<Schema['NeighbourGrant']> =>
  (await api.post<Schema['NeighbourGrant']>(`${of(origin)}/grants/withdraw`, { permission, region }, { key })).body
