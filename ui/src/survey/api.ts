import { api } from '@/api/client'
import type { Step } from './model'

/** One step in the life of a record: its noun is its list's, `enterprises` or `sites`. */
export const turn = (key: string, noun: 'enterprises' | 'sites', id: string, step: Step, said: { since: string; reason: string }) =>
  api.post<unknown>(`/${noun}/${id}/${step}`, said, { key })
