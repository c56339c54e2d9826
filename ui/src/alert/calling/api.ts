import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** People being told of one notice or warning, with what came of each. */
export type Calling = Schema['Calling']
export type CallingState = Calling['state']
export type CallingStep = Schema['CallingStep']
export type CallingPerson = Schema['CallingPerson']
export type Call = Schema['CallingCall']
/** What wants one's own answer. */
export type OwnCalling = Schema['OwnCalling']
export type Heard = Schema['RecordCall']['outcome']

export const callingsAbout = async (about: string, signal?: AbortSignal): Promise<Calling[]> => (await api.get<Page<Calling>>('/callings', { about }, signal)).items

export const listCallings = (state: string | null, cursor: string | null, signal?: AbortSignal) => api.get<Page<Calling>>('/callings', { state, cursor }, signal)

export const loadCalling = (id: string, signal?: AbortSignal) => api.get<Calling>(`/callings/${id}`, {}, signal)

export const ownCallings = async (signal?: AbortSignal): Promise<OwnCalling[]> => (await api.get<Page<OwnCalling>>('/callings/own', {}, signal)).items

export const answerCalling = (key: string, id: string, answer: 'taken' | 'refused', words: string) => api.post<OwnCalling>(`/callings/${id}/answer`, { answer, words }, { key })

export const recordCall = (key: string, id: string, contact: string, name: string | null, outcome: Heard, words: string) =>
  api.post<Calling>(`/callings/${id}/record`, { contact, name, outcome, words }, { key })

export const endCalling = (key: string, id: string, reason: string) => api.post<Calling>(`/callings/${id}/end`, { reason }, { key })
