import { millis } from '@/kit/time'
import type { Clock, Desk, Item } from './api'

export const GROUPS = ['mine', 'others', 'done'] as const
export type Group = (typeof GROUPS)[number]

/** A row's identity. The same subject may stand among the open and, for each act, among the done. */
export function keyOf(item: Item, group: Group): string {
  return group === 'done' ? `done:${item.kind}:${item.id}:${item.since}` : `${item.kind}:${item.id}`
}

export interface Row {
  key: string
  group: Group
  item: Item
}

/** All rows in the order of the screen; `kind` keeps only one kind. */
export function rows(groups: Desk['groups'], kind: string | null): Row[] {
  return GROUPS.flatMap((group) =>
    groups[group]
      .filter((item) => kind === null || item.kind === kind)
      .map((item) => ({ key: keyOf(item, group), group, item })),
  )
}

/** Keys that were not there before; what was only done is no arrival. */
export function arrivals(before: ReadonlySet<string>, after: readonly Row[]): string[] {
  return after.filter((row) => row.group !== 'done' && !before.has(row.key)).map((row) => row.key)
}

/** The key `by` rows away; from nowhere the first row. */
export function step(all: readonly Row[], key: string | null, by: 1 | -1): string | null {
  const at = all.findIndex((row) => row.key === key)
  if (at < 0) return all[0]?.key ?? null
  return all[Math.max(0, Math.min(all.length - 1, at + by))]!.key
}

/** The row to select when the selected one has gone: what stands in its place now. */
export function successor(before: readonly Row[], after: readonly Row[], key: string | null): string | null {
  if (key === null || after.some((row) => row.key === key)) return key
  const at = before.findIndex((row) => row.key === key)
  const left = before.slice(at + 1).find((row) => after.some((each) => each.key === row.key))
  return left?.key ?? after.at(-1)?.key ?? null
}

export interface ClockFace {
  state: 'running' | 'late' | 'met'
  /** Seconds left, beyond the limit, or used when it was met. */
  seconds: number
  /** Of the whole time, 0 to 1. */
  gone: number
  /** The last of 50, 80, 95 and 100 % that was passed; `null` before the first. */
  mark: 50 | 80 | 95 | 100 | null
  limitSeconds: number
}

/** How a limit stands at `now` (ms). */
export function face(clock: Clock, now: number): ClockFace {
  const started = millis(clock.started)
  const due = millis(clock.due)
  const whole = Math.max(1, due - started)
  const end = clock.done_at === null ? now : millis(clock.done_at)
  const gone = Math.max(0, Math.min(1, (end - started) / whole))
  const mark = ([100, 95, 80, 50] as const).find((percent) => gone * 100 >= percent) ?? null
  const common = { gone, mark, limitSeconds: Math.round(whole / 1000) }
  if (clock.done_at !== null) return { state: 'met', seconds: (end - started) / 1000, ...common }
  if (now >= due) return { state: 'late', seconds: (now - due) / 1000, ...common }
  return { state: 'running', seconds: (due - now) / 1000, ...common }
}

/** What A does: a notice is taken, then verified by whoever has it; an own task wants a yes; anything open is taken. */
export function acknowledging(item: Item, me: string | null): 'acknowledge' | 'verify' | 'accept' | 'claim' | null {
  if (item.action === 'acknowledge') return 'acknowledge'
  if (item.action === 'verify' && (item.owner === null || item.owner.person === me)) return 'verify'
  if (item.action === 'accept') return 'accept'
  return item.owner?.person === me ? null : 'claim'
}
