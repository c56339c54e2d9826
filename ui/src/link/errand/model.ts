import type { Decision, Errand, ErrandState } from './api'

export const STATES = ['queued', 'attempted', 'done', 'uncertain', 'parked', 'given_up', 'suppressed'] as const satisfies readonly ErrandState[]

/** Whether an errand waits for a person to decide. */
export const waits = (state: ErrandState): boolean => state === 'uncertain' || state === 'parked'

/**
 * What a person can decide, the likeliest first. Of an uncertain one that is to look
 * whether it went out before it goes out twice.
 */
export function decisions(state: ErrandState): Decision[] {
  if (state === 'uncertain') return ['went_out', 'try_again', 'give_up']
  return state === 'parked' ? ['try_again', 'went_out', 'give_up'] : []
}

/** What waits longest is first: somebody outside may be waiting for it. */
export const byWait = (a: Pick<Errand, 'changed_at' | 'id'>, b: Pick<Errand, 'changed_at' | 'id'>): number =>
  Date.parse(a.changed_at) - Date.parse(b.changed_at) || a.id.localeCompare(b.id)

/** The limit that passes next: of going out at all, else of the next attempt while it is queued. */
export function limit(errand: Pick<Errand, 'state' | 'until' | 'due_at'>): { word: 'until' | 'again'; at: string } | null {
  if (!['queued', 'attempted', 'uncertain', 'parked'].includes(errand.state)) return null
  if (errand.until !== null) return { word: 'until', at: errand.until }
  return errand.state === 'queued' ? { word: 'again', at: errand.due_at } : null
}
