import { api } from '@/api/client'
import type { Schema } from '@/api/schema'

/** How the node is: what needs a person, what waits, what is behind. */
export type Health = Schema['Health']
export type Copy = Schema['CopyView']
export type Upstream = Schema['UpstreamView']

export const loadHealth = (signal?: AbortSignal) => api.get<Health>('/health', {}, signal)
