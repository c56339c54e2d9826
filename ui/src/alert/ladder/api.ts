import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

export type Ladder = Schema['Ladder']
export type LadderPlan = Schema['LadderPlan']
export type LadderStep = Schema['LadderStep']
export type CallChannel = Schema['CallChannel']
export type LadderDefault = Schema['LadderDefault']

export const CHANNELS: readonly CallChannel[] = ['in_app', 'mail', 'webhook', 'phone']

export const listLadders = (retired: boolean, cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Ladder>>('/ladders', { retired: retired || null, cursor }, signal)

export const loadDefault = (signal?: AbortSignal) => api.get<LadderDefault>('/ladders/default', {}, signal)

export const drawLadder = (key: string, region: string, plan: LadderPlan) => api.post<Ladder>('/ladders', { region, plan }, { key })

export const changeLadder = (key: string, id: string, revision: number, plan: LadderPlan) => api.put<Ladder>(`/ladders/${id}`, { revision, plan }, { key })

export const retireLadder = (key: string, id: string, reason: string) => api.post<Ladder>(`/ladders/${id}/retire`, { reason }, { key })
