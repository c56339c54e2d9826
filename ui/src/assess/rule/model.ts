import type { Schema } from '@/api/schema'

/** What a rule holds against its line. */
export type Measure = Schema['RuleMeasure']

/** A rule, or a finding's word of one: older ones hold the reading itself. */
interface Measured {
  measure?: Measure | undefined
}

export const kindOf = (rule: Measured): Measure['kind'] => rule.measure?.kind ?? 'value'

/**
 * Whether the line lies among the readings themselves, so that a chart may draw it and a
 * present value be compared with it. A change, a standstill, a count and a sum have theirs
 * elsewhere.
 */
export const isLineOfValues = (rule: Measured): boolean => kindOf(rule) === 'value'

/** Seconds, when the line is one of time; the quantity's own digits otherwise. */
export const lineIs = (rule: Measured): 'quantity' | 'seconds' | 'times' => {
  switch (kindOf(rule)) {
    case 'still':
      return 'seconds'
    case 'count':
      return 'times'
    default:
      return 'quantity'
  }
}
