import type { Segments, Unapplied } from './api'

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
