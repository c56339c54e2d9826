import { useI18n } from 'vue-i18n'
import { useSpanText } from '@/kit/spanText'
import type { Check, SensorChecks } from './api'

/** The limits of a check as a sentence, with the unit of its quantity; nothing where it is not made. */
export function useLimitText(): (check: Check, checks: SensorChecks, unit: string) => string {
  const { t } = useI18n()
  const span = useSpanText()
  return (check, checks, unit) => {
    switch (check) {
      case 'range':
        return checks.low === null && checks.high === null ? '' : t('sense.checks.limit.range', { low: checks.low ?? '−∞', high: checks.high ?? '∞', unit })
      case 'step':
        return (checks.step?.within ?? []).map(([seconds, limit]) => t('sense.checks.limit.step', { span: span(seconds!), limit, unit })).join(t('sense.checks.limit.join'))
      case 'spike':
        return checks.spike ? t('sense.checks.limit.spike', { limit: checks.spike.limit, span: span(checks.spike.within_s), unit }) : ''
      case 'stuck': {
        if (!checks.stuck) return ''
        const { vary, span_s, rest } = checks.stuck
        const said = t('sense.checks.limit.stuck', { vary, span: span(span_s), unit })
        return rest == null ? said : said + t('sense.checks.limit.rest', { rest, unit })
      }
      case 'neighbour':
        return checks.neighbour ? t('sense.checks.limit.neighbour', { count: checks.neighbour.sensors.length, limit: checks.neighbour.limit, span: span(checks.neighbour.within_s), unit }) : ''
    }
  }
}
