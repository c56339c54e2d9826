import { useI18n } from 'vue-i18n'
import { useSpanText } from '@/kit/spanText'
import { figure } from '@/sense/station/model'
import type { Rule } from './api'
import { lineIs, type Measure } from './model'

type Condition = Pick<Rule, 'comparison' | 'threshold'> & { measure?: Measure | undefined }

const SIGNS = { at_or_above: '≥', at_or_below: '≤' } as const

/** A rule's condition as people read it: `≥ 264.00`, `1 小时内上升 ≥ 1.00`. */
export function useConditionText() {
  const { t } = useI18n()
  const spanText = useSpanText()

  /** A line, or what was measured against it. */
  function line(rule: Pick<Condition, 'measure'>, value: number, quantity: string): string {
    switch (lineIs(rule)) {
      case 'seconds':
        return spanText(value)
      case 'times':
        return t('sense.rule.timesOf', { count: value })
      case 'quantity':
        return figure(value, quantity)
    }
  }

  /** What is held against the line; empty for the reading itself. */
  function subject(measure: Measure | undefined, quantity: string): string {
    switch (measure?.kind) {
      case 'change':
        return t(`sense.rule.measured.${measure.direction}`, { within: spanText(measure.within_s) })
      case 'still':
        return t('sense.rule.measured.still')
      case 'count':
        return t('sense.rule.measured.count', {
          within: spanText(measure.within_s),
          sign: SIGNS[measure.comparison],
          line: figure(measure.line, quantity),
        })
      case 'sum':
        return t('sense.rule.measured.sum', { within: spanText(measure.within_s) })
      default:
        return ''
    }
  }

  const condition = (rule: Condition, quantity: string): string =>
    `${subject(rule.measure, quantity)} ${SIGNS[rule.comparison]} ${line(rule, rule.threshold, quantity)}`.trim()

  return { condition, line, subject }
}
