import type { Rule } from '../rule/api'
import { isLineOfValues } from '../rule/model'
import { rank, type Level } from '@/kit/level'
import type { Sensor } from '@/sense/station/api'

/** Whether a value lies on the wrong side of a rule's line; on the line counts as crossed. */
export function crosses(rule: Pick<Rule, 'comparison' | 'threshold'>, value: number): boolean {
  return rule.comparison === 'at_or_above' ? rule.threshold <= value : value <= rule.threshold
}

/** The gravest level whose line the sensor's latest value crosses; `null` for none. */
export function crossedLevel(rules: Rule[], sensor: Sensor): Level | null {
  const { latest } = sensor
  if (!latest) return null
  return rules
    .filter((rule) => rule.sensor === sensor.id && rule.state === 'active' && isLineOfValues(rule) && crosses(rule, latest.value))
    .reduce<Level | null>((gravest, rule) => (gravest && rank(gravest) <= rank(rule.level) ? gravest : rule.level), null)
}

/** How a rule stands to the present value, for the table. */
export type Standing = 'none' | 'calm' | 'crossed' | 'covered' | 'unsaid'

/**
 * `crossed` means that the present value lies beyond the line, not that the rule has
 * already raised a finding: that takes its number of readings and its delay. `unsaid` is
 * a rule that one reading says nothing of.
 */
export function standing(rules: Rule[], rule: Rule, sensor: Sensor | null): Standing {
  if (!isLineOfValues(rule)) return 'unsaid'
  if (!sensor?.latest) return 'none'
  if (!crosses(rule, sensor.latest.value)) return 'calm'
  const gravest = crossedLevel(rules, sensor)
  return gravest && rank(gravest) < rank(rule.level) ? 'covered' : 'crossed'
}

/** Of the lines a value has reached the nearest below it, else the nearest it has yet to reach. */
export function nearestLine(rules: Rule[], sensor: Sensor): { rule: Rule; by: number } | null {
  const { latest } = sensor
  if (!latest) return null
  const own = rules.filter((rule) => rule.sensor === sensor.id && rule.state === 'active' && isLineOfValues(rule))
  const distance = (rule: Rule): number =>
    rule.comparison === 'at_or_above' ? latest.value - rule.threshold : rule.threshold - latest.value
  const reached = own.filter((rule) => distance(rule) >= 0).sort((a, b) => distance(a) - distance(b))
  const ahead = own.filter((rule) => distance(rule) < 0).sort((a, b) => distance(b) - distance(a))
  const rule = reached[0] ?? ahead[0]
  return rule ? { rule, by: distance(rule) } : null
}
