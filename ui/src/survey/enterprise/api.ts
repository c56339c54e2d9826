import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

export type Enterprise = Schema['Enterprise']
export type EnterpriseKind = Schema['EnterpriseKind']
export type EnterpriseDetails = Schema['EnterpriseDetails']
export type EnterprisePoint = Schema['EnterprisePoint']
export type Contact = Schema['Contact']
export type ContactDuty = Schema['ContactDuty']
export type EnterpriseVersion = Schema['VersionOfEnterpriseDescription']

export const KINDS = ['coal_mine', 'non_coal_mine', 'tailings', 'hazchem', 'fireworks', 'industry', 'other'] as const satisfies readonly EnterpriseKind[]
export const DUTIES = ['head', 'safety', 'technical', 'on_duty', 'other'] as const satisfies readonly ContactDuty[]

export interface Filter {
  kind: string | null
  region: string | null
  state: string | null
  q: string | null
}

export const listPage = (filter: Filter, cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Enterprise>>('/enterprises', { ...filter, cursor, limit: 50 }, signal)

/** Those that begin so; enough to choose from. */
export const findEnterprises = async (q: string, signal?: AbortSignal) => (await api.get<Page<Enterprise>>('/enterprises', { q, limit: 20 }, signal)).items

/** `at`: as the register had it at that moment. */
export const loadEnterprise = (id: string, at: string | null, signal?: AbortSignal) => api.get<Enterprise>(`/enterprises/${id}`, { at }, signal)

export const listHistory = async (id: string, signal?: AbortSignal) => (await api.get<Page<EnterpriseVersion>>(`/enterprises/${id}/history`, {}, signal)).items

/** What a map gets at once; `more` says that it is not all. */
export const listPoints = (signal?: AbortSignal) => api.get<Schema['PointsOfEnterprisePoint']>('/enterprises/points', {}, signal)

export const registerEnterprise = (key: string, enterprise: Schema['RegisterEnterprise']) => api.post<Enterprise>('/enterprises', enterprise, { key })

export const changeEnterprise = (key: string, id: string, change: Schema['ChangeEnterpriseDetails']) => api.put<Enterprise>(`/enterprises/${id}`, change, { key })

/** Names and numbers in clear; the trail says who read them. */
export const openContacts = async (id: string) => (await api.get<Page<Contact>>(`/enterprises/${id}/contacts`)).items

export const nameContact = (key: string, id: string, contact: Schema['NameContact']) => api.post<Enterprise>(`/enterprises/${id}/contacts`, contact, { key })

export const removeContact = (key: string, id: string, contact: string, reason: string) =>
  api.post<Enterprise>(`/enterprises/${id}/contacts/remove`, { contact, reason }, { key })
