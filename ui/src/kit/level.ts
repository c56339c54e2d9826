/** The four warning levels, as the server writes them; red is the most severe. */
export type Level = 'red' | 'orange' | 'yellow' | 'blue'

export const LEVELS: readonly Level[] = ['red', 'orange', 'yellow', 'blue']

/** 1 for red to 4 for blue, as the law counts. */
export function rank(level: Level): 1 | 2 | 3 | 4 {
  return ({ red: 1, orange: 2, yellow: 3, blue: 4 } as const)[level]
}

const NUMERALS = ['Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ'] as const

/** Ⅰ to Ⅳ. */
export function numeral(level: Level): string {
  return NUMERALS[rank(level) - 1]!
}

/** For sorting: the most severe first, no level last. */
export function bySeverity(a: Level | null, b: Level | null): number {
  return (a ? rank(a) : 5) - (b ? rank(b) : 5)
}
