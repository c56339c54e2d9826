import { api } from '@/api/client'
import type { Schema } from '@/api/schema'

export type Item = Schema['Item']
export type ItemKind = Item['kind']

/** A limit that runs. */
export type Clock = Schema['Clock']

export type LogLine = Schema['LogLine']

/** The desk of the caller. Groups, clocks and log come in their order. */
export type Desk = Schema['Desk']

export const loadDesk = (signal?: AbortSignal) => api.get<Desk>('/duty', {}, signal)

export const claim = (key: string, kind: ItemKind, id: string) => api.post<void>('/duty/claims', { kind, id }, { key })
