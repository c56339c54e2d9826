// What stands on the official sheet of a warning, beside its eight items.
import { millis } from '@/kit/time'
import { ITEMS, missing, type Item } from './model'
import type { Warning } from './api'

/** What stands over the sheet when it is not the warning in force. */
export type Standing = 'draft' | 'unreviewed' | 'lifted' | 'expired' | 'superseded' | 'discarded' | null

/** How the sheet must be marked; `null` for a warning in force as it was signed. */
export function standing(warning: Pick<Warning, 'state' | 'urgent'>): Standing {
  switch (warning.state) {
    case 'issued':
      return warning.urgent !== null && warning.urgent.reviewed_at === null ? 'unreviewed' : null
    case 'lifted':
    case 'expired':
    case 'superseded':
    case 'discarded':
      return warning.state
    default:
      return 'draft'
  }
}

/** The items of the body, in the order of the law; who issues it and when stand under it. */
export const BODY: readonly Item[] = ITEMS.filter((item) => item !== 'issuer' && item !== 'issued_at')

/** Items of the body that are blank: the sheet says so and leaves no gap unseen. */
export function blanks(warning: Pick<Warning, 'content'>): Item[] {
  return missing(warning.content, false).filter((item) => BODY.includes(item))
}

/** Numerals of the first level of a Chinese document: 一 to 十. */
export const ordinal = (at: number): string => '一二三四五六七八九十'[at] ?? String(at + 1)

/** Parts of a moment in Beijing time without leading noughts, as documents write them. */
export function parts(moment: string): { year: number; month: number; day: number; hour: number; minute: string } {
  const date = new Date(millis(moment) + 8 * 3_600_000)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: String(date.getUTCMinutes()).padStart(2, '0'),
  }
}
