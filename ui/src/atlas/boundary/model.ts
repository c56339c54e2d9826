import type { Drawing, Feature, Looked } from './api'

/** Faults and notices that have words of their own, by column and code. */
export const FAULTS = [
  'code.value', 'code.unknown', 'code.duplicate',
  'geometry.unreadable', 'geometry.place', 'geometry.ring', 'geometry.open', 'geometry.flat', 'geometry.crossing', 'geometry.tangled', 'geometry.overlap',
  'area.former', 'area.parts',
] as const
export type FaultWord = (typeof FAULTS)[number]

export const faultWord = ({ column, code }: { column: string; code: string }): FaultWord | null => FAULTS.find((known) => known === `${column}.${code}`) ?? null

export type Fate = 'refused' | 'new' | 'changed' | 'same'
export const fateOf = ({ change }: Pick<Feature, 'change'>): Fate => change ?? 'refused'

/** What has to be looked at comes first: what is refused, then what is odd, then the rest as the file has it. */
export function byWeight(features: readonly Feature[]): Feature[] {
  const weight = (of: Feature): number => (of.faults.length > 0 ? 0 : of.notices.length > 0 ? 1 : 2)
  return [...features].sort((a, b) => weight(a) - weight(b) || a.number - b.number)
}

/** Whether there is something to take. */
export const takes = ({ counts, taken }: Pick<Looked, 'counts' | 'taken'>): boolean => !taken && counts.added + counts.changed > 0

/** West, south, east and north of all that is drawn; `null` when nothing is. */
export function boxOf(drawing: Pick<Drawing, 'features'>): [number, number, number, number] | null {
  let box: [number, number, number, number] | null = null
  for (const feature of drawing.features) {
    for (const line of [...feature.new, ...feature.old]) {
      for (const [x, y] of line) {
        if (x === undefined || y === undefined) continue
        box = box === null ? [x, y, x, y] : [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)]
      }
    }
  }
  return box
}
