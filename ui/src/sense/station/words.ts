import { useI18n } from 'vue-i18n'
import type { Rule } from '@/assess/rule/api'
import type { Sensor } from './api'

/** The words of quantities and lines in the present language; the server's own when we have none. */
export function useWords() {
  const { t, te } = useI18n()
  const known = (key: string, otherwise: string): string => (te(key) ? t(key) : otherwise)
  return {
    quantityWord: (sensor: Pick<Sensor, 'quantity' | 'word'>): string =>
      known(`sense.quantity.${sensor.quantity}`, sensor.word),
    lineWord: (rule: Pick<Rule, 'line' | 'line_word'>): string =>
      known(`sense.line.${rule.line}`, rule.line_word),
  }
}
