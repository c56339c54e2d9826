import { watch } from 'vue'
import { createI18n } from 'vue-i18n'
import { language } from '@/app/preferences'
import en from './en'
import zhCN from './zh-CN'

export const i18n = createI18n({
  legacy: false,
  locale: language.value,
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zhCN, en },
  // A key may be built from a server's code that is newer than this page; the caller checks.
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
})

watch(language, (chosen) => (i18n.global.locale.value = chosen))
