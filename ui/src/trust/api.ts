import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'
import type { Office } from '@/app/session'

export type OfficerClaim = Schema['OfficeState']

export type NewOfficer = Schema['Claim']

export const listOfficers = (signal?: AbortSignal) =>
  api.get<Schema['FirstStart']>('/first-start', {}, signal)

export const claimOffice = (key: string, office: Office, officer: NewOfficer) =>
  api.post<OfficerClaim>(`/first-start/${office}`, officer, { key })

export const changePassword = (key: string, current: string, next: string) =>
  api.post<void>('/session/password', { current, new: next }, { key })

export type Grant = Schema['AccountGrant']

export type Account = Schema['Account']

export type Role = Schema['RoleDefinition']

export type Permission = Schema['Permission']

export type TrailEntry = Schema['TrailLine']

const items = async <Item>(path: string, signal?: AbortSignal): Promise<Item[]> =>
  (await api.get<Page<Item>>(path, {}, signal)).items

/** A province's officers, all tiers on one node. */
const MOST_ACCOUNTS = 20_000

export const listAccounts = (signal?: AbortSignal) => api.all<Account>('/accounts', {}, signal, MOST_ACCOUNTS)
export const listRoles = (signal?: AbortSignal) => items<Role>('/roles', signal)
export const listPermissions = (signal?: AbortSignal) => items<Permission>('/permissions', signal)

export const createAccount = (key: string, account: Schema['OpenAccount']) =>
  api.post<Account>('/accounts', account, { key })

export const disableAccount = (key: string, id: string, reason: string) =>
  api.post<Account>(`/accounts/${id}/disable`, { reason }, { key })

export const enableAccount = (key: string, id: string) => api.post<Account>(`/accounts/${id}/enable`, {}, { key })

/** Over a region or over an organisation: one of the two. */
export type GrantPlace = { region: string } | { org: string }

export const grantRole = (key: string, account: string, role: string, place: GrantPlace) =>
  api.post<Account>(`/accounts/${account}/grants`, { role, ...place }, { key })

export const revokeGrant = (key: string, id: string) => api.delete(`/grants/${id}`, { key })

/** Entries before `before`, newest first. */
export const listTrail = (before: string | null, signal?: AbortSignal) =>
  api.get<Page<TrailEntry>>('/trail', { before, limit: 100 }, signal)
