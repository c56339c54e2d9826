import type { Schema } from '@/api/schema'

/** What the server says in both languages, in the one that is spoken. */
export const wordOf = (words: Schema['BothWords'], locale: string): string => (locale.startsWith('zh') ? words.zh : words.en)
