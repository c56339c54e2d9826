import { api } from '@/api/client'
import type { Schema } from '@/api/schema'

/** What should come from a station, and what came within the last hour. */
export type Source = Schema['Source']

/** One for each station. */
const MOST_SOURCES = 20_000

export const listSources = (signal?: AbortSignal) => api.all<Source>('/sources', {}, signal, MOST_SOURCES)
