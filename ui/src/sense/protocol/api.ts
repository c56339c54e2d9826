import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** A protocol that stations may speak, with what a sensor may be registered for. */
export type Protocol = Schema['ProtocolDetails']
export type Element = Protocol['elements'][number]

export const listProtocols = async (signal?: AbortSignal): Promise<Protocol[]> =>
  (await api.get<Page<Protocol>>('/protocols', {}, signal)).items
