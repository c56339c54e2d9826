import type { ApiError } from '@/api/error'
import type { Day, Moments, ResponseTime, Step, Tally, ViewState } from './api'

/** The steps of a response, in their order. */
export const STEPS = ['review', 'issue', 'open', 'assign', 'accept', 'do', 'close'] as const satisfies readonly Step[]

const MOMENT = {
  review: 'reviewed',
  issue: 'issued',
  open: 'opened',
  assign: 'assigned',
  accept: 'accepted',
  do: 'done',
  close: 'closed',
} as const satisfies Record<Step, keyof Moments>

/** A step of a matter that was done. */
export interface Done {
  seconds: number
  /** When it was done. */
  at: string
  slowest: boolean
}

/** How a step went; `null` when it was not done, or not yet. */
export function done(matter: Pick<ResponseTime, 'took' | 'moments' | 'slowest'>, step: Step): Done | null {
  const took = matter.took.find((each) => each.step === step)
  const at = matter.moments[MOMENT[step]]
  if (!took || at === null) return null
  return { seconds: took.seconds, at, slowest: matter.slowest?.step === step }
}

/** Where a row leads: to its incident, which leads on to the warning, or to its warning. */
export function pageOf(matter: Pick<ResponseTime, 'warning' | 'incident'>): string | null {
  if (matter.incident) return `/command/incidents/${matter.incident}`
  return matter.warning ? `/warn/${matter.warning}` : null
}

export type Spread = Tally['steps'][number]
export const spreadOf = (tally: Pick<Tally, 'steps'>, step: Step): Spread | null =>
  tally.steps.find((spread) => spread.step === step) ?? null

const DAY_MS = 86_400_000
/** A chart with more days than pixels says nothing; so many are drawn, the latest. */
const MOST_DAYS = 400

/** The Beijing day of a moment in ms, `2026-08-03`. */
export const dayOf = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10)

/** The Beijing day so many days before that of `now`. */
export const daysBefore = (now: number, days: number): string => dayOf(now - days * DAY_MS)

/** A day as the address may have it; `null` for what is none. */
export function parseDay(text: string | null): string | null {
  if (text === null || !/^\d{4}-\d\d-\d\d$/.test(text)) return null
  const ms = Date.parse(`${text}T00:00:00Z`)
  return Number.isFinite(ms) && new Date(ms).toISOString().slice(0, 10) === text ? text : null
}

/** A day of the chart; `matters` is 0 on one on which nothing began. */
export interface Column {
  day: string
  matters: number
  spread: Spread | null
}

/** Every day from `from` to `to`, whether or not something began on it, the earliest first. */
export function columnsOf(days: readonly Day[], from: string, to: string, step: Step): Column[] {
  const byDay = new Map(days.map((day) => [day.day, day]))
  const last = Date.parse(`${to}T00:00:00Z`)
  const first = Math.max(Date.parse(`${from}T00:00:00Z`), last - (MOST_DAYS - 1) * DAY_MS)
  const columns: Column[] = []
  for (let ms = first; ms <= last; ms += DAY_MS) {
    const day = new Date(ms).toISOString().slice(0, 10)
    const found = byDay.get(day)
    columns.push({ day, matters: found?.matters ?? 0, spread: found ? spreadOf(found, step) : null })
  }
  return columns
}

const MINUTE = 60
const HOUR = 60 * MINUTE
const SECONDS = [1, 5, 10, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 24 * HOUR]

/** The top of a scale of durations in seconds: a round one that is not below `most`. */
export function topOfSeconds(most: number): number {
  return SECONDS.find((scale) => scale >= most) ?? Math.ceil(most / (24 * HOUR)) * 24 * HOUR
}

/** The top of a scale of counts: 1, 2 or 5 times a power of ten, not below `most`. */
export function topOfCounts(most: number): number {
  let power = 1
  while (10 * power < most) power *= 10
  return [1, 2, 5, 10].map((times) => times * power).find((scale) => scale >= most)!
}

/** What is said above an answer that is not of the whole log; `null` when it is. */
export type Remark =
  | { word: 'rebuilding'; seq: number; of: number }
  | { word: 'behind'; count: number }
  | { word: 'parked'; seq: number }

export function remarkOn(view: ViewState | null): Remark | null {
  if (view === null || view.standing === 'current') return null
  if (view.standing === 'building') return { word: 'rebuilding', seq: view.built_seq ?? 0, of: view.log_seq }
  if (view.standing === 'parked') return { word: 'parked', seq: view.built_seq ?? view.seq }
  const count = view.log_seq - view.seq
  return count > 0 ? { word: 'behind', count } : null
}

/** How far a view is that has nothing to show yet; `null` for any other refusal. */
export function building(error: ApiError | null): { seq: number; of: number } | null {
  if (error?.code !== 'view-building') return null
  const { seq, of } = error.problem
  return typeof seq === 'number' && typeof of === 'number' ? { seq, of } : { seq: 0, of: 0 }
}

/** Whether the answer changes without a fact that would tell: the view is on its way. */
export function onItsWay(view: ViewState | null, error: ApiError | null): boolean {
  return building(error) !== null || view?.standing === 'building' || view?.standing === 'behind'
}
