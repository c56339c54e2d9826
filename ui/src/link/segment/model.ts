import type { Exchange, Outbox, Segments, Unapplied } from './api'

export const COUNTS = ['refused', 'unread', 'outside', 'conflicts', 'unknown'] as const satisfies readonly (keyof Segments['counts'])[]

const REFUSED = 'refused: '

/** Why an entry was not applied, as a key of the catalogue with what the database said. */
export function why(entry: Pick<Unapplied, 'why'>): { key: 'whyOutside' | 'whyUnread' | 'whyRefused'; said: string } {
  if (entry.why === 'outside') return { key: 'whyOutside', said: '' }
  if (entry.why === 'unread') return { key: 'whyUnread', said: '' }
  return { key: 'whyRefused', said: entry.why.startsWith(REFUSED) ? entry.why.slice(REFUSED.length) : entry.why }
}

/** Whether a new start may come to another end with any of it. */
export const mayRetry = (counts: Pick<Segments['counts'], 'refused' | 'unread'>): boolean => counts.refused + counts.unread > 0

/** How many entries a neighbour was not given yet. */
export const behind = (outbox: Pick<Outbox, 'last'>, newest: number): number => Math.max(0, newest - outbox.last)

/**
 * Where an outbox stands. `closed`: nobody has said what it may read, and nothing is
 * written. `stuck`: a file waits for a person.
 */
export function standing(outbox: Pick<Outbox, 'may_read' | 'directory' | 'errands'>): 'closed' | 'stuck' | 'byHand' | 'automatic' {
  if (!outbox.may_read) return 'closed'
  if (outbox.errands.some(({ state }) => state === 'uncertain' || state === 'parked')) return 'stuck'
  return outbox.directory === null ? 'byHand' : 'automatic'
}

/** The number that a neighbour's people say is next, as the last that it has; `null` for what is none. */
export function lastHeld(text: string, newest: number): number | null {
  if (!/^\d{1,15}$/.test(text.trim())) return null
  const last = Number(text.trim())
  return last <= newest ? last : null
}

/** Whether something in the inbox is for a person to see to: a gap, a key, or trouble. */
export const inboxNeeds = (inbox: Pick<Exchange['inbox'], 'trouble' | 'waiting'>): boolean =>
  inbox.trouble !== null || inbox.waiting.some(({ why }) => why !== 'half')
