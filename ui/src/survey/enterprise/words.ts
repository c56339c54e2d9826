import { KINDS } from '../site/api'

type Words = (key: string, values: Record<string, unknown>) => string

/** How many sites of each kind there are, in the order of kinds: `矿 1 · 库 2`. */
export const sitesText = (t: Words, sites: Record<string, number>): string =>
  KINDS.flatMap((kind) => (sites[kind] ? [t(`survey.enterprise.siteCounts.${kind}`, { count: sites[kind] })] : [])).join(' · ') || '—'
