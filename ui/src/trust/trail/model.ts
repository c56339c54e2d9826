import { dateTime } from '@/kit/time'
import type { TrailEntry } from '../api'

/** The catalogue, as much of it as a line needs. */
export interface Words {
  t: (key: string, params?: Record<string, unknown>) => string
  te: (key: string) => boolean
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/

/** A value as it stands in a sentence: a word of its own where there is one, a moment as time, nothing as a dash. */
function valueWord({ t, te }: Words, key: string, value: unknown): string {
  if (value === null || value === undefined) return '—'
  if (typeof value !== 'string') return String(value)
  if (/^[a-z_]+$/.test(value) && te(`noteValue.${key}.${value}`)) return t(`noteValue.${key}.${value}`)
  return MOMENT.test(value) ? dateTime(value) : value
}

/** The account of a line; a name that is none has a mark, since a password may have been typed for it. */
export function accountText({ t }: Words, entry: TrailEntry): string {
  const mark = /^unknown:([0-9a-f]+)$/.exec(entry.account ?? '')?.[1]
  return mark ? t('trust.trail.unknownAccount', { mark }) : (entry.account ?? '—')
}

/**
 * What a line of the trail says. A kind that only a newer program knows, or that does not
 * read, says so; one that this page is too old for stands with what it tells.
 */
export function noteText(words: Words, entry: TrailEntry): string {
  const { t, te } = words
  if (entry.silent !== null) return t(`trust.trail.silent.${entry.silent}`, { kind: entry.kind })
  const values = Object.entries(entry.data).map(([key, value]) => [key, valueWord(words, key, value)])
  if (!te(`note.${entry.kind}`)) return [entry.kind, ...values.map(([key, text]) => `${key} ${text}`)].join(' · ')
  const concerned = entry.concerns ? (entry.concerns.name ?? t('trust.trail.nobodyKnown')) : '—'
  return t(`note.${entry.kind}`, { ...Object.fromEntries(values), person: concerned })
}
