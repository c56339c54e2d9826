import type { Columns, Import, Register } from './api'

/** Faults that have words of their own; any other is shown as a value that does not fit. */
export const FAULTS = ['missing', 'duplicate', 'outside', 'code-taken', 'enterprise-registered', 'access-code-taken', 'site-code-taken', 'wrong-state', 'too-many-sensors', 'region-overlap', 'formula', 'merged', 'rounded', 'broken', 'number', 'date', 'choice', 'datum', 'place', 'value'] as const
export type FaultWord = (typeof FAULTS)[number]

export const faultWord = (code: string): FaultWord => FAULTS.find((known) => known === code) ?? 'value'

/** Whether it changes by itself, so that the page asks again. */
export const isMoving = ({ state }: Pick<Import, 'state'>): boolean => state === 'reading' || state === 'running'

/** How far it is, from 0 to 1; `null` while nobody knows how many rows there are. */
export function share({ state, rows, counts }: Pick<Import, 'state' | 'rows' | 'counts'>): number | null {
  if (state === 'done') return 1
  if (state !== 'running' && state !== 'stopped' && state !== 'failed') return null
  return rows > 0 ? Math.min(1, counts.seen / rows) : null
}

/** Whether its rows can be taken, from the beginning or on from where it was stopped. */
export const mayConfirm = ({ state, counts }: Pick<Import, 'state' | 'counts'>): boolean =>
  state === 'ready' ? counts.added + counts.changed > 0 : (state === 'stopped' || state === 'failed') && counts.seen > 0

export const mayStop = ({ state }: Pick<Import, 'state'>): boolean => ['unmapped', 'reading', 'ready', 'running'].includes(state)

/** Whether it can still be said which column is which. */
export const mayMap = ({ state }: Pick<Import, 'state'>): boolean => state === 'unmapped' || state === 'ready'

/** Where each column of the register stands, as it is chosen: '' is nowhere, else a place of the header. */
export function chosenPlaces(register: Register, { layout }: Pick<Import, 'layout'>): Record<string, string> {
  return Object.fromEntries(register.columns.map((column, at) => [column.name, layout.places[at] == null ? '' : String(layout.places[at])]))
}

export function chosenFixed(register: Register, { layout }: Pick<Import, 'layout'>): Record<string, string> {
  return Object.fromEntries(register.columns.map((column, at) => [column.name, layout.fixed[at] ?? '']))
}

export function said(sheet: string, places: Record<string, string>, fixed: Record<string, string>): Columns {
  const placed = Object.entries(places).map(([column, place]) => [column, place === '' ? null : Number(place)])
  return { sheet: sheet === '' ? null : sheet, places: Object.fromEntries(placed), fixed }
}
