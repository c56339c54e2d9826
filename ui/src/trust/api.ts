import { api, type Page } from '@/api/client'
import type { Office } from '@/app/session'

// Written by hand after the HTTP contract until the generated schema replaces it.

export interface OfficerClaim {
  office: Office
  claimed: boolean
}

export interface NewOfficer {
  secret: string
  account: string
  name: string
  password: string
}

export const listOfficers = (signal?: AbortSignal) =>
  api.get<{ officers: OfficerClaim[] }>('/first-start', {}, signal)

export const claimOffice = (key: string, office: Office, officer: NewOfficer) =>
  api.post<OfficerClaim>(`/first-start/${office}`, officer, { key })

export const changePassword = (key: string, current: string, next: string) =>
  api.post<void>('/session/password', { current, new: next }, { key })

export interface Grant {
  id: string
  role: string
  role_word?: string
  region: string
}

export interface Account {
  id: string
  account: string
  name: string
  /** The one of the three offices it holds; such an account gets no role. */
  office?: Office | null
  org?: string | null
  state: 'active' | 'locked' | 'disabled'
  grants: Grant[]
}

export interface Role {
  role: string
  word: string
  permissions: string[]
}

export interface Permission {
  code: string
  word: string
}

export interface TrailEntry {
  seq: number
  at: string
  kind: string
  actor: string | null
  /** The account as it was typed or held. */
  account?: string | null
  source: string | null
  detail: string
  count: number
}

async function items<Item>(path: string, signal?: AbortSignal): Promise<Item[]> {
  const answer = await api.get<Item[] | Page<Item>>(path, {}, signal)
  return Array.isArray(answer) ? answer : answer.items
}

export const listAccounts = (signal?: AbortSignal) => api.all<Account>('/accounts', {}, signal)
export const listRoles = (signal?: AbortSignal) => items<Role>('/roles', signal)
export const listPermissions = (signal?: AbortSignal) => items<Permission>('/permissions', signal)

export const createAccount = (
  key: string,
  account: { account: string; name: string; password: string },
) => api.post<Account>('/accounts', account, { key })

export const disableAccount = (key: string, id: string, reason: string) =>
  api.post<Account>(`/accounts/${id}/disable`, { reason }, { key })

export const enableAccount = (key: string, id: string) => api.post<Account>(`/accounts/${id}/enable`, {}, { key })

export const grantRole = (key: string, account: string, role: string, region: string) =>
  api.post<Grant>(`/accounts/${account}/grants`, { role, region }, { key })

export const revokeGrant = (key: string, id: string) => api.delete(`/grants/${id}`, { key })

/** Entries before `before`, newest first. */
export const listTrail = (before: string | null, signal?: AbortSignal) =>
  api.get<Page<TrailEntry>>('/trail', { before, limit: 100 }, signal)
