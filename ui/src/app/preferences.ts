import { computed, ref, watchEffect } from 'vue'

export type Theme = 'dark' | 'light'
export type Language = 'zh-CN' | 'en'

function read(key: string): string | null {
  try {
    return localStorage.getItem(`fengsui.${key}`)
  } catch {
    return null
  }
}

function keep(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`fengsui.${key}`)
    else localStorage.setItem(`fengsui.${key}`, value)
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

const storedTheme = read('theme')

/** What the person chose; `null` follows the page (command pages dark, office pages light). */
export const chosenTheme = ref<Theme | null>(
  storedTheme === 'dark' || storedTheme === 'light' ? storedTheme : null,
)

/** What the present page asks for; set by the router. */
export const pageTheme = ref<Theme>('light')

export const theme = computed<Theme>(() => chosenTheme.value ?? pageTheme.value)

export const language = ref<Language>(read('language') === 'en' ? 'en' : 'zh-CN')

/** False with `?motion=off` or when the system asks for less motion. */
export const motion =
  new URLSearchParams(location.search).get('motion') !== 'off' &&
  !matchMedia('(prefers-reduced-motion: reduce)').matches

export function choose(next: { theme?: Theme | null; language?: Language }): void {
  if (next.theme !== undefined) {
    chosenTheme.value = next.theme
    keep('theme', next.theme)
  }
  if (next.language !== undefined) {
    language.value = next.language
    keep('language', next.language)
  }
}

/** Writes the choices onto `<html>`, where the stylesheets look for them. */
export function applyPreferences(): void {
  const html = document.documentElement
  if (!motion) html.dataset.motion = 'off'
  watchEffect(() => {
    html.dataset.theme = theme.value
    html.lang = language.value
  })
}
