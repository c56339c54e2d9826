import { useI18n } from 'vue-i18n'
import { useWords as useSensorWords } from '@/sense/station/words'
import type { Rule } from '../rule/api'

/** The words of quantities and of the lines that rules watch, in the present language. */
export function useWords() {
  const { t, te } = useI18n()
  return {
    ...useSensorWords(),
    lineWord: (rule: Pick<Rule, 'line' | 'line_word'>): string =>
      te(`sense.line.${rule.line}`) ? t(`sense.line.${rule.line}`) : rule.line_word,
  }
}
