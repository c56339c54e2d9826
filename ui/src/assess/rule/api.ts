import { api } from '@/api/client'
import type { Schema } from '@/api/schema'

export type Rule = Schema['Rule']

export const listRules = (station: string, signal?: AbortSignal) =>
  api.all<Rule>('/rules', { station }, signal)
