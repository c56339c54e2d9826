import { useI18n } from 'vue-i18n'
import { span } from './time'

/** Gives `(seconds) => "4 分 26 秒"` in the present language. */
export function useSpanText(): (seconds: number) => string {
  const { t } = useI18n()
  return (seconds) => {
    const { key, ...parts } = span(seconds)
    return t(`kit.span.${key}`, parts)
  }
}
