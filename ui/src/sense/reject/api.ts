import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** Bytes that could not be taken, with the reason and, when it is known, where they went wrong. */
export type Reject = Schema['Reject']

/** The newest ones; older ones are many, and the newest says what is wrong now. */
export const listRejects = async (signal?: AbortSignal): Promise<Reject[]> =>
  (await api.get<Page<Reject>>('/rejects', { limit: 100 }, signal)).items
