import type { Member, Silence } from './api'

/** What is silent, by its kind: the words of the page go by it. */
export type Kind = 'station' | 'sensors' | 'relay' | 'door'

export function kind(silence: Pick<Silence, 'what'>): Kind {
  const { what } = silence
  if ('station' in what) return 'station'
  if ('sensors' in what) return 'sensors'
  return 'relay' in what ? 'relay' : 'door'
}

/** Where a member is looked at: a station's own page, or that of its sensor's station with the sensor chosen. */
export function memberPath(silence: Pick<Silence, 'what' | 'station'>, member: Pick<Member, 'id'>): string {
  return kind(silence) === 'sensors'
    ? `/monitor/hazard/stations/${silence.station}?sensor=${member.id}`
    : `/monitor/hazard/stations/${member.id}`
}

/** Where the board shows the source; `null` for a door, which is all of it. */
export function boardPath(silence: Pick<Silence, 'station'>): string {
  return silence.station ? `/data/sources?source=${silence.station}` : '/data/sources'
}

/** Whether the time was counted from later than the last word: we were deaf, it was stopped, or its road was cut. */
export function isCountedLater(silence: Pick<Silence, 'since' | 'last_heard' | 'members'>): boolean {
  return silence.members === 1 && Date.parse(silence.since) > Date.parse(silence.last_heard)
}
