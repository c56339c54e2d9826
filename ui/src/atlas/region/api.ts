import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** One code with one name under one parent, for as long as that was so. */
export type Spell = Schema['RegionSpell']

export interface Wanted {
  as_of: string
  parent: string | null
  q: string
}

export const listSpells = async (wanted: Wanted, signal?: AbortSignal): Promise<Spell[]> =>
  (await api.get<Page<Spell>>('/regions/spells', { as_of: wanted.as_of || null, parent: wanted.q === '' ? wanted.parent : null, q: wanted.q }, signal)).items
