import { useI18n } from 'vue-i18n'
import { language } from '@/app/preferences'
import { term } from './model'

/** What a class of retention is called, and for how long it keeps. */
export function useTermText() {
  const { t } = useI18n()
  return {
    classWord: (each: { word: string; word_en: string }): string => (language.value === 'en' ? each.word_en : each.word),
    termText: (days: number | null): string => {
      const { word, count } = term(days)
      return t(`sense.retention.term.${word}`, { count })
    },
  }
}
