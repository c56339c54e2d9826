import { api, type Page } from '@/api/client'
import type { Level } from '@/kit/level'
import type { Person } from '../task/api'

// Written by hand after crates/respond until the generated schema replaces it.

export type ItemKind = 'warning' | 'notice' | 'task' | 'incident' | 'waiting' | 'intake'

export interface Item {
  kind: ItemKind
  id: string
  level: Level | null
  title: string
  detail: string
  since: string
  owner: Person | null
  due: string | null
  overdue: boolean
  link: string
  /** What the caller may do about it next; `null` when that is not theirs. */
  action: string | null
}

/** A limit that runs. */
export interface Clock {
  title: string
  detail: string
  started: string
  due: string
  done_at: string | null
  overdue: boolean
  link: string
}

export interface LogLine {
  seq: number
  at: string
  kind: string
  by: string | null
  text: string
  link: string | null
}

/** The desk of the caller. Groups, clocks and log come in their order. */
export interface Desk {
  now: string
  seq: number
  groups: { mine: Item[]; others: Item[]; done: Item[] }
  clocks: Clock[]
  log: LogLine[]
  /** A list was longer than the desk shows. */
  truncated: boolean
}

export const loadDesk = (signal?: AbortSignal) => api.get<Desk>('/duty', {}, signal)

export const claim = (key: string, kind: ItemKind, id: string) => api.post<void>('/duty/claims', { kind, id }, { key })

/** A device that reported without being known. */
export interface Waiting {
  id: string
  protocol: string
  claimed_code: string | null
  source: string
  first_seen: string
  last_seen: string
  frames: number
  state: string
}

export async function listWaiting(signal?: AbortSignal): Promise<Waiting[]> {
  const page = await api.get<Page<Waiting>>('/waiting-room', { limit: 200 }, signal)
  return page.items.filter((each) => each.state === 'waiting')
}
