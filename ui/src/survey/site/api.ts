import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

export type Site = Schema['Site']
export type SiteKind = Schema['SiteKind']
export type SiteDetails = Schema['SiteDetails']
export type SitePoint = Schema['SitePoint']
export type Particulars = Schema['SiteParticulars']
export type Substance = Schema['Substance']
export type SiteVersion = Schema['VersionOfSiteDescription']

export const KINDS = ['mine', 'pond', 'hazard_source', 'tank', 'fireworks_building'] as const satisfies readonly SiteKind[]

export interface Filter {
  kind: string | null
  region: string | null
  state: string | null
  q: string | null
}

export const listPage = (filter: Filter, cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Site>>('/sites', { ...filter, cursor, limit: 50 }, signal)

/** All of one enterprise, or of one hazard source. */
export const listOf = (of: { enterprise: string } | { part_of: string }, signal?: AbortSignal) => api.all<Site>('/sites', of, signal, 5_000)

/** `at`: as the register had it at that moment. */
export const loadSite = (id: string, at: string | null, signal?: AbortSignal) => api.get<Site>(`/sites/${id}`, { at }, signal)

export const listHistory = async (id: string, signal?: AbortSignal) => (await api.get<Page<SiteVersion>>(`/sites/${id}/history`, {}, signal)).items

/** What a map gets at once; `more` says that it is not all. */
export const listPoints = (signal?: AbortSignal) => api.get<Schema['PointsOfSitePoint']>('/sites/points', {}, signal)

export const registerSite = (key: string, site: Schema['RegisterSite']) => api.post<Site>('/sites', site, { key })

export const changeSite = (key: string, id: string, change: Schema['ChangeSiteDetails']) => api.put<Site>(`/sites/${id}`, change, { key })
