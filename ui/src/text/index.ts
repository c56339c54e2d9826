import { watch } from 'vue'
import { createI18n } from 'vue-i18n'
import { language, type Language } from '@/app/preferences'

/** One language's words are loaded, and the other's when somebody asks for it. */
const CATALOGUES = { 'zh-CN': () => import('./zh-CN'), en: () => import('./en') } satisfies Record<Language, unknown>

export const i18n = createI18n({
  legacy: false,
  locale: language.value as string,
  messages: {},
  // A key may be built from a server's code that is newer than this page; the caller checks.
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
})

/** Loads a language's words if they are not there, and speaks it from then on. */
export async function speak(chosen: Language): Promise<void> {
  if (!i18n.global.availableLocales.includes(chosen)) {
    const { default: words } = await CATALOGUES[chosen]()
    i18n.global.setLocaleMessage(chosen, words)
  }
  // Another may have been chosen meanwhile.
  if (language.value === chosen) i18n.global.locale.value = chosen
}

watch(language, (chosen) => void speak(chosen))
