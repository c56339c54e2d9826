import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

export type Rule = Schema['Rule']
/** A rule to be proposed, or a new version of one. */
export type NewRule = Schema['NewRule']
export type Proposal = Schema['RuleProposal']
export type ProposalState = Proposal['state']
/** What a rule would have found in a range of readings. */
export type DryRun = Schema['RuleDryRun']
/** Lines to begin with, with their sources, and for how long a rule may be shelved. */
export type Defaults = Schema['RuleDefaults']
export type DefaultRule = Schema['DefaultRule']

export const listRules = (station: string, signal?: AbortSignal) => api.all<Rule>('/rules', { station }, signal)

/** One page of all rules that one sees, the newest first. */
export const pageRules = (cursor: string | null, signal?: AbortSignal) => api.get<Page<Rule>>('/rules', { cursor }, signal)

export const loadRule = (id: string, signal?: AbortSignal) => api.get<Rule>(`/rules/${id}`, {}, signal)

export const loadDefaults = (signal?: AbortSignal) => api.get<Defaults>('/rules/defaults', {}, signal)

/** One page of proposals, the newest first; `null` is any state. */
export const pageProposals = (state: ProposalState | null, cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Proposal>>('/rules/proposals', { state, cursor }, signal)

export const loadProposal = (id: string, signal?: AbortSignal) => api.get<Proposal>(`/rules/proposals/${id}`, {}, signal)

export const propose = async (key: string, rule: NewRule): Promise<Proposal> => (await api.post<Proposal>('/rules/proposals', rule, { key })).body

export const publish = async (key: string, id: string): Promise<Rule> => (await api.post<Rule>(`/rules/proposals/${id}/publish`, undefined, { key })).body

export const giveBack = async (key: string, id: string, reason: string): Promise<Proposal> =>
  (await api.post<Proposal>(`/rules/proposals/${id}/return`, { reason }, { key })).body

export const shelve = async (key: string, id: string, until: string, reason: string): Promise<Rule> =>
  (await api.post<Rule>(`/rules/${id}/shelve`, { until, reason }, { key })).body

export const unshelve = async (key: string, id: string, reason: string): Promise<Rule> =>
  (await api.post<Rule>(`/rules/${id}/unshelve`, { reason }, { key })).body

export const retire = async (key: string, id: string, reason: string): Promise<Rule> =>
  (await api.post<Rule>(`/rules/${id}/retire`, { reason }, { key })).body

/** Sets nothing: what the rule would have found. */
export const dryRun = async (key: string, rule: NewRule, from: string, to: string): Promise<DryRun> =>
  (await api.post<DryRun>('/rules/dry-run', { rule, from, to }, { key })).body
