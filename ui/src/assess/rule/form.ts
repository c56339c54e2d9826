import { typedNumber } from '@/sense/sender/model'
import type { DefaultRule, NewRule, Rule } from './api'
import { kindOf, type Measure } from './model'

export const KINDS = ['value', 'change', 'still', 'count', 'sum'] as const
export type Kind = (typeof KINDS)[number]

/** A rule as it is typed; every number is a text until it is asked for. */
export interface RuleForm {
  id: string | null
  name: string
  sensor: string
  hazard: NewRule['hazard']
  level: NewRule['level']
  kind: Kind
  direction: 'rising' | 'falling' | 'either'
  /** Minutes. */
  within: string
  tolerance: string
  rest: string
  /** The line of what is counted. */
  countLine: string
  countSign: NewRule['comparison']
  comparison: NewRule['comparison']
  /** In the quantity's unit; minutes of a standstill; readings of a count. */
  threshold: string
  hysteresis: string
  times: string
  /** Minutes. */
  delay: string
  accepts: 'good' | 'not_bad' | 'any'
  line: NewRule['line']
  lineWord: string
  source: string
  confidence: NewRule['confidence']
}

export type Fault = 'within' | 'tolerance' | 'rest' | 'countLine' | 'threshold' | 'hysteresis' | 'times' | 'delay' | 'name' | 'lineWord' | 'source'

const text = (number: number | null | undefined): string => (number == null ? '' : String(number))
const minutes = (seconds: number): string => text(Math.round((seconds / 60) * 1000) / 1000)

export const emptyForm = (sensor: string): RuleForm => ({
  id: null,
  name: '',
  sensor,
  hazard: 'flood',
  level: 'yellow',
  kind: 'value',
  direction: 'rising',
  within: '60',
  tolerance: '0',
  rest: '',
  countLine: '',
  countSign: 'at_or_above',
  comparison: 'at_or_above',
  threshold: '',
  hysteresis: '0',
  times: '1',
  delay: '0',
  accepts: 'not_bad',
  line: 'other',
  lineWord: '',
  source: '',
  confidence: 'local',
})

function withMeasure(form: RuleForm, measure: Measure): RuleForm {
  switch (measure.kind) {
    case 'value':
      return form
    case 'change':
      return { ...form, direction: measure.direction, within: minutes(measure.within_s) }
    case 'still':
      return { ...form, tolerance: text(measure.tolerance), rest: text(measure.rest) }
    case 'count':
      return { ...form, countLine: text(measure.line), countSign: measure.comparison, within: minutes(measure.within_s) }
    case 'sum':
      return { ...form, within: minutes(measure.within_s) }
  }
}

/** The rule that a new version is proposed of. */
export function formOf(rule: Rule): RuleForm {
  const kind = kindOf(rule)
  const form: RuleForm = {
    ...emptyForm(rule.sensor),
    id: rule.id,
    name: rule.name,
    hazard: rule.hazard,
    level: rule.level,
    kind,
    comparison: rule.comparison,
    threshold: kind === 'still' ? minutes(rule.threshold) : text(rule.threshold),
    hysteresis: kind === 'still' ? minutes(rule.hysteresis) : text(rule.hysteresis),
    times: text(rule.times),
    delay: minutes(rule.delay_s),
    accepts: rule.accepts,
    line: rule.line,
    lineWord: rule.line_word,
    source: rule.source,
    confidence: rule.confidence,
  }
  return withMeasure(form, rule.measure)
}

/**
 * What a line of the tables makes of a form. A share of the place's own value is worked out
 * from `own`, or left open when it is not known.
 */
export function formFrom(form: RuleForm, entry: DefaultRule, source: string, own: number | null): RuleForm {
  const measure: Measure = entry.measure ?? { kind: 'value' }
  const { threshold } = entry
  const line = 'fixed' in threshold ? threshold.fixed : own === null ? null : Math.round(own * threshold.factor * 1e6) / 1e6
  return withMeasure(
    {
      ...form,
      name: entry.name.zh,
      hazard: entry.hazard,
      level: entry.level,
      kind: measure.kind,
      comparison: entry.comparison,
      threshold: text(line),
      hysteresis: text(entry.hysteresis ?? 0),
      times: text(entry.times ?? 1),
      delay: minutes(entry.delay_s ?? 0),
      accepts: entry.accepts ?? 'not_bad',
      line: entry.line,
      lineWord: entry.line_word,
      source: `${source}；${entry.clause}`.slice(0, 400),
      confidence: entry.confidence,
    },
    measure,
  )
}

/** What is typed as a rule, or which fields are not what they should be. */
export function typedRule(form: RuleForm): { rule: NewRule | null; faults: Fault[] } {
  const faults: Fault[] = []
  const number = (fault: Fault, typed: string, isGood: (value: number) => boolean = () => true): number => {
    const value = typedNumber(typed)
    if (value == null || !isGood(value)) faults.push(fault)
    return value ?? 0
  }
  const seconds = (fault: Fault, typed: string, least: number, most: number): number =>
    Math.round(number(fault, typed, (value) => least <= Math.round(value * 60) && Math.round(value * 60) <= most) * 60)
  const WEEK = 604_800
  let measure: Measure = { kind: 'value' }
  if (form.kind === 'change') measure = { kind: 'change', direction: form.direction, within_s: seconds('within', form.within, 1, WEEK) }
  if (form.kind === 'sum') measure = { kind: 'sum', within_s: seconds('within', form.within, 1, WEEK) }
  if (form.kind === 'still') {
    const rest = form.rest.trim() === '' ? null : number('rest', form.rest)
    measure = { kind: 'still', tolerance: number('tolerance', form.tolerance, (value) => value >= 0), rest }
  }
  if (form.kind === 'count') {
    measure = {
      kind: 'count',
      comparison: form.countSign,
      line: number('countLine', form.countLine),
      within_s: seconds('within', form.within, 1, WEEK),
    }
  }
  const unit = form.kind === 'still' ? 60 : 1
  const hysteresis = number('hysteresis', form.hysteresis, (value) => value >= 0) * unit
  const threshold = number('threshold', form.threshold, (value) => form.kind === 'value' || hysteresis < value * unit) * unit
  for (const [fault, typed, most] of [
    ['name', form.name, 60],
    ['lineWord', form.lineWord, 20],
    ['source', form.source, 400],
  ] as const) {
    if (typed.trim() === '' || [...typed.trim()].length > most) faults.push(fault)
  }
  const rule: NewRule = {
    id: form.id,
    name: form.name.trim(),
    sensor: form.sensor,
    hazard: form.hazard,
    level: form.level,
    measure,
    accepts: form.accepts,
    comparison: form.kind === 'value' ? form.comparison : 'at_or_above',
    threshold,
    hysteresis,
    times: number('times', form.times, (value) => Number.isInteger(value) && value >= 1 && value <= 100),
    delay_s: seconds('delay', form.delay, 0, 86_400),
    line: form.line,
    line_word: form.lineWord.trim(),
    source: form.source.trim(),
    confidence: form.confidence,
  }
  return { rule: faults.length === 0 ? rule : null, faults }
}
