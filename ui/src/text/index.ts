import { watch } from 'vue'
import { createI18n } from 'vue-i18n'
import { language, type Language } from '@/app/preferences'

/**
 * The words of each language, in two files. The second is one for all stages, because
 * the menus name the pages of all, and a page uses words of the stages before its own.
 */
const CATALOGUES = {
  'zh-CN': { first: () => import('./first.zh-CN'), whole: () => import('./zh-CN') },
  en: { first: () => import('./first.en'), whole: () => import('./en') },
} satisfies Record<Language, unknown>

/** `first` is what is read before anybody has signed in; `whole` has that and all else. */
type Extent = 'first' | 'whole'

export const i18n = createI18n({
  legacy: false,
  locale: language.value as string,
  messages: {},
  // A key may be built from a server's code that is newer than this page; the caller checks.
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
})

let needed: Extent = 'first'
const loaded = new Map<Language, Extent>()

/** Loads what is needed of a language's words, and speaks it from then on. */
export async function speak(chosen: Language): Promise<void> {
  const extent = needed
  if (loaded.get(chosen) !== 'whole' && loaded.get(chosen) !== extent) {
    const { default: words } = await CATALOGUES[chosen][extent]()
    // What was asked for later may have come sooner.
    if (loaded.get(chosen) !== 'whole') {
      i18n.global.setLocaleMessage(chosen, words)
      loaded.set(chosen, extent)
    }
  }
  // Another may have been chosen meanwhile.
  if (language.value === chosen) i18n.global.locale.value = chosen
}

/** From now on all words are needed: before the first page of somebody who has signed in. */
export async function speakWhole(): Promise<void> {
  needed = 'whole'
  await speak(language.value)
}

watch(language, (chosen) => void speak(chosen))
