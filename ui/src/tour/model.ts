import type { Schema } from '@/api/schema'
import type { Level } from '@/kit/level'

/** The pages of the story, in the order in which they are walked. */
export const STEPS = ['duty', 'station', 'warning', 'incident', 'sources', 'map'] as const
export type StepName = (typeof STEPS)[number]

/** What a person needs to see a step's page. */
const NEEDS: Record<StepName, string> = {
  duty: 'duty.read',
  station: 'station.read',
  warning: 'warning.read',
  incident: 'incident.read',
  sources: 'station.read',
  map: 'station.read',
}

/** The station of the demonstration whose river rises. */
export const STORY_STATION = '0010820551'

/** What the node says of the story now; `null`: it has not happened, or is not theirs to see. */
export interface Seen {
  notices: number | null
  station: Schema['Station'] | null
  warning: { id: string; title: string; state: string } | null
  incident: Pick<Schema['Incident'], 'id' | 'number' | 'title'> | null
  /** Warnings in force. */
  issued: number | null
  /** A red warning is in force or waits for somebody. */
  red: boolean
}

export const NOTHING: Seen = { notices: null, station: null, warning: null, incident: null, issued: null, red: false }

/** The steps whose pages this person has. */
export const stepsFor = (may: (permission: string) => boolean): StepName[] => STEPS.filter((step) => may(NEEDS[step]))

/** How far a warning has come; the farthest tells most of the chain. */
const FAR: readonly string[] = ['proposed', 'reviewed', 'issued']
const far = (warning: { state: string }): number => FAR.indexOf(warning.state)

/** Of the newest warnings the one that has come farthest, the newest of those. */
export function told<One extends { state: string }>(warnings: readonly One[]): One | null {
  const open = warnings.filter((warning) => far(warning) >= 0)
  return open.reduce<One | null>((best, each) => (best === null || far(best) < far(each) ? each : best), null)
}

/** Whether a red warning stands among them. */
export const isRed = (warnings: readonly { state: string; level: Level }[]): boolean =>
  warnings.some((warning) => warning.level === 'red' && far(warning) >= 0)

/** The water level of a station as last read; `null` when it has sent none. */
export function stage(station: Schema['Station'] | null): number | null {
  const sensor = station?.sensors.find((each) => each.quantity === 'water_level' && each.retired_at === null)
  return sensor?.latest?.value ?? null
}

export interface Told {
  /** Where the step is to be seen; a list when its one thing is not there yet. */
  path: string
  /** The key of what there is now, or of that it has not happened yet. */
  now: string
  /** What stands in it. */
  words: Record<string, string | number>
}

/** What a step says now, from what the node says. */
export function tell(step: StepName, seen: Seen): Told {
  const said = (path: string, now: string, words: Told['words'] = {}): Told => ({ path, now: `tour.now.${step}.${now}`, words })
  switch (step) {
    case 'duty':
      return seen.notices ? said('/duty', 'there', { count: seen.notices }) : said('/duty', 'yet')
    case 'station': {
      const value = stage(seen.station)
      const path = seen.station ? `/monitor/hazard/stations/${seen.station.id}` : '/monitor/hazard/stations'
      if (!seen.station || value === null) return said(path, 'yet')
      return said(path, 'there', { name: seen.station.name, value: value.toFixed(2) })
    }
    case 'warning':
      if (!seen.warning) return said('/warn', 'yet')
      return said(`/warn/${seen.warning.id}`, seen.warning.state === 'issued' ? 'issued' : 'there', { title: seen.warning.title })
    case 'incident':
      if (!seen.incident) return said('/command/incidents', 'yet')
      return said(`/command/incidents/${seen.incident.id}`, 'there', { number: seen.incident.number, title: seen.incident.title })
    case 'sources':
      return said('/data/sources', 'there')
    case 'map':
      return seen.issued ? said('/map', 'there', { count: seen.issued }) : said('/map', 'yet')
  }
}

/** Where somebody is in the tour; `left` once they have left or finished it. */
export type Place = StepName | 'left'

type Store = Pick<Storage, 'getItem' | 'setItem'>
/** The storage is the node's address's own. */
const keyOf = (account: string): string => `fengsui.tour.${account}`

/** Where they are; the first of their steps when they have never been here. */
export function placeOf(store: Store | null, account: string, steps: readonly StepName[]): Place {
  let kept: string | null = null
  try {
    kept = store?.getItem(keyOf(account)) ?? null
  } catch {
    // Storage may be forbidden; the tour then begins with each page.
  }
  if (kept === 'left') return 'left'
  return steps.find((step) => step === kept) ?? steps[0] ?? 'left'
}

export function keepPlace(store: Store | null, account: string, place: Place): void {
  try {
    store?.setItem(keyOf(account), place)
  } catch {
    // As above.
  }
}

/** The step before (−1) or after (1) another; `null` beyond the ends. */
export function beside(steps: readonly StepName[], at: StepName, by: -1 | 1): StepName | null {
  return steps[steps.indexOf(at) + by] ?? null
}
