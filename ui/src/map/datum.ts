import type { Schema } from '@/api/schema'

/** What a pair of numbers is measured against. */
export type Datum = Schema['Datum']

export const DATUMS = ['cgcs2000', 'wgs84', 'gcj02', 'bd09', 'bd09mc'] as const satisfies readonly Datum[]

/** How each datum is called on paper, in any language. */
export const DATUM_NAMES: Record<Datum, string> = { cgcs2000: 'CGCS2000', wgs84: 'WGS-84', gcj02: 'GCJ-02', bd09: 'BD-09', bd09mc: 'BD-09MC' }
