import { api } from '@/api/client'
import type { Schema } from '@/api/schema'

export type Organisation = Schema['Organisation']
export type OrganisationKind = Schema['OrganisationKind']

export const KINDS: readonly OrganisationKind[] = ['agency', 'department', 'force', 'enterprise', 'other']

/** All of this node, closed ones too. */
export const listOrganisations = (signal?: AbortSignal) => api.all<Organisation>('/organisations', {}, signal, 20_000)

export const foundOrganisation = (key: string, organisation: Schema['NewOrganisation']) =>
  api.post<Organisation>('/organisations', organisation, { key })

/** Renames or moves; what is left out stays. */
export const changeOrganisation = (key: string, id: string, change: Schema['ChangeOrganisation']) =>
  api.put<Organisation>(`/organisations/${id}`, change, { key })

export const closeOrganisation = (key: string, id: string, reason: string) =>
  api.post<Organisation>(`/organisations/${id}/close`, { reason }, { key })
