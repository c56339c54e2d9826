import type { Health } from './api'

/** What both the copy and the node above say of the way to them. */
export interface Line {
  answers: boolean
  failing_since: string | null
  behind: number
  filling: [number, number] | unknown[] | null
}

/** `never` until the first answer. */
export type Standing = 'failing' | 'filling' | 'behind' | 'current' | 'never'

export function standing(line: Line): Standing {
  if (line.failing_since !== null) return 'failing'
  if (!line.answers) return 'never'
  if (line.filling !== null) return 'filling'
  return line.behind === 0 ? 'current' : 'behind'
}

/** How much waits for a person, all kinds together. */
export function needsPerson(health: Health): number {
  const stopped = health.views.filter((view) => view.state.standing === 'parked').length
  const errands = health.errands.uncertain + health.errands.parked
  return health.parked.length + health.parked_work.length + stopped + errands + health.exchange.left
}

const STEPS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** Bytes with three digits or so, in steps of 1024. */
export function bytes(count: number): string {
  let [value, step] = [count, 0]
  while (1024 <= value && step + 1 < STEPS.length) [value, step] = [value / 1024, step + 1]
  return `${step === 0 || 100 <= value ? Math.round(value) : value.toFixed(1)} ${STEPS[step]}`
}
