import type { Warning } from '@/alert/warning/api'
import type { LiveState } from '@/app/live'
import type { Face } from '@/api/load'
import { bySeverity, LEVELS, type Level } from '@/kit/level'
import { millis } from '@/kit/time'
import type { LivePoint } from '@/map/points'
import type { Clock } from '../duty/api'

/** How many warnings and clocks the room can read from 5 m (mockup 08); the rest become one line. */
export const MOST_WARNINGS = 6
export const MOST_CLOCKS = 5

/** What stands on the one right column of a screen that has no room for three parts. */
export const SCENES = ['warnings', 'clocks', 'incident'] as const
export type Scene = (typeof SCENES)[number]

/** A list cut to what the room can read, and how many it leaves out. */
export interface Cut<Item> {
  shown: Item[]
  rest: number
}

export function cut<Item>(all: readonly Item[], most: number): Cut<Item> {
  return { shown: all.slice(0, most), rest: Math.max(0, all.length - most) }
}

/** When a warning came into force. */
export const issuedAt = (warning: Pick<Warning, 'content' | 'issuer' | 'opened_at'>): string =>
  warning.content.issued_at ?? warning.issuer?.at ?? warning.opened_at

/** The gravest first, then the newest. */
export function ordered(warnings: readonly Warning[]): Warning[] {
  return [...warnings].sort((a, b) => bySeverity(a.level, b.level) || millis(issuedAt(b)) - millis(issuedAt(a)))
}

/** How many are in force of each level, red first. */
export function counts(warnings: readonly Pick<Warning, 'level'>[]): { level: Level; count: number }[] {
  return LEVELS.map((level) => ({ level, count: warnings.filter((each) => each.level === level).length }))
}

/** The limits that still run, by what ends first: what is late, then what will be. */
export function running(clocks: readonly Clock[]): Clock[] {
  return clocks.filter((clock) => clock.done_at === null).sort((a, b) => millis(a.due) - millis(b.due))
}

export interface Sensing {
  all: number
  online: number
  /** They said that they end, or have been silent for longer than they may; also those that never spoke. */
  offline: number
  stale: number
}

/** How the stations do, by how each is drawn on the map at this moment. */
export function sensing(looks: readonly LivePoint['look'][]): Sensing {
  const of = (wanted: LivePoint['look']): number => looks.filter((look) => look === wanted).length
  return { all: looks.length, online: of('online'), stale: of('stale'), offline: of('silent') + of('never') }
}

export interface Standing {
  /** `old`: what is shown was true at `at`, and nobody knows whether it still is. */
  state: 'waiting' | 'failed' | 'fresh' | 'old'
  /** When what is shown was last known to be true, server ms. */
  at: number | null
}

/**
 * How far a panel may be believed.
 *
 * What was fetched stays true as long as the live connection speaks, since every change would
 * be told; so its time is that of the connection's last word. Once the connection is silent or
 * broken, or a refresh failed, the panel is old from the last moment that it was known.
 */
export function standing(face: Face, loadedAt: number | null, line: LiveState, heardAt: number | null): Standing {
  if (loadedAt === null) return { state: face === 'failed' ? 'failed' : 'waiting', at: null }
  const told = Math.max(loadedAt, heardAt ?? loadedAt)
  if (face === 'stale') return { state: 'old', at: loadedAt }
  return line === 'live' ? { state: 'fresh', at: told } : { state: 'old', at: told }
}

/** The scene `by` places away, round and round. */
export function turned(scene: Scene, by: 1 | -1): Scene {
  return SCENES[(SCENES.indexOf(scene) + by + SCENES.length) % SCENES.length]!
}

/** A scene as an untrusted word names it; `null` for any other word. */
export const sceneOf = (word: unknown): Scene | null => SCENES.find((each) => each === word) ?? null
