import { bySeverity } from '@/kit/level'
import type { Act } from './acts'
import type { Warning, WarningState } from './api'

/** The eight items of art. 64 of the emergency response law, in its order. */
export const ITEMS = ['class', 'level', 'starts', 'area', 'matters', 'measures', 'issuer', 'issued_at'] as const
export type Item = (typeof ITEMS)[number]

/** Items without which the warning must not go out. The time of issue is set by issuing. */
export function missing(content: Warning['content'], issued: boolean): Item[] {
  return ITEMS.filter((item) => {
    if (item === 'issued_at' && !issued) return false
    const value = content[item]
    return value === null || String(value).trim() === ''
  })
}

/** How many of the eight items are there. */
export function present(content: Warning['content']): number {
  return ITEMS.length - missing(content, true).length
}

/** The states that a warning of each list can be in; one may be over and still owe a review. */
export const STATES: Record<'open' | 'ended', readonly WarningState[]> = {
  open: ['proposed', 'reviewed', 'returned', 'issued'],
  ended: ['lifted', 'expired', 'superseded', 'discarded'],
}

/** In force, or on its way there: an incident may be opened from it. */
export function inHand(state: WarningState): boolean {
  return state === 'proposed' || state === 'reviewed' || state === 'returned' || state === 'issued'
}

/** The step that takes the warning on, if the caller may take one; first is the most urgent. */
export function nextAct(allowed: readonly string[]): Act | null {
  const order: Act[] = ['review_after', 'review', 'issue']
  return order.find((each) => allowed.includes(each)) ?? null
}

/** The acts beside the next one, in the order of their buttons. */
export function otherActs(allowed: readonly string[]): Act[] {
  const order: Act[] = ['issue_urgent', 'return', 'edit', 'extend', 'lift', 'discard']
  return order.filter((each) => allowed.includes(each))
}

/** Issued by one person at night and not yet reviewed by another: shown red until it is. */
export function unreviewed(warning: Pick<Warning, 'urgent' | 'state'>): boolean {
  return warning.urgent !== null && warning.urgent.reviewed_at === null && warning.state !== 'discarded'
}

/** What has to be done next by anybody. */
export function waitsFor(warning: Pick<Warning, 'state' | 'urgent'>): 'review' | 'issue' | 'review_after' | 'edit' | null {
  if (unreviewed(warning)) return 'review_after'
  if (warning.state === 'proposed') return 'review'
  if (warning.state === 'reviewed') return 'issue'
  if (warning.state === 'returned') return 'edit'
  return null
}

/** When the warning came into its present state, as far as it says so. */
export function since(warning: Warning): string {
  return warning.closed_at ?? warning.issuer?.at ?? warning.returned?.at ?? warning.reviewer?.at ?? warning.opened_at
}

/** Open work first, then in force, then closed; within them the gravest, then the newest. */
export function byStanding(a: Warning, b: Warning): number {
  const group = (warning: Warning): number => {
    if (waitsFor(warning) !== null) return 0
    return warning.state === 'issued' ? 1 : 2
  }
  return group(a) - group(b) || bySeverity(a.level, b.level) || since(b).localeCompare(since(a))
}
