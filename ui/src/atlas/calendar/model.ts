import type { Day } from './api'

/** What a day is, as its cell shows it. */
export type Kind = 'work' | 'weekend' | 'holiday' | 'makeUp'

export interface Cell {
  date: string
  /** 1 to 31. */
  number: number
  kind: Kind
  /** The holiday that it is, or is worked for. */
  holiday: string
  provisional: boolean
}

export interface Month {
  /** 1 to 12. */
  number: number
  /** Days of the week before its first, Monday the first. */
  before: number
  cells: Cell[]
}

export function cell(day: Day): Cell {
  const { date, provisional } = day
  const base = { date, number: Number(date.slice(8)), provisional }
  if (typeof day.why === 'string') return { ...base, kind: day.why === 'weekend' ? 'weekend' : 'work', holiday: '' }
  if ('make_up' in day.why) return { ...base, kind: 'makeUp', holiday: day.why.make_up }
  return { ...base, kind: 'holiday', holiday: 'holiday' in day.why ? day.why.holiday : day.why.by_law }
}

/** The days of a year, month by month. */
export function months(days: Day[]): Month[] {
  const found: Month[] = []
  for (const day of days) {
    const number = Number(day.date.slice(5, 7))
    let month = found.at(-1)
    if (month?.number !== number) {
      // The day of the week is of the date alone: noon in UTC is in no other day.
      const weekday = new Date(`${day.date}T12:00:00Z`).getUTCDay()
      const skipped = Number(day.date.slice(8)) - 1
      month = { number, before: (((weekday + 6 - skipped) % 7) + 7) % 7, cells: [] }
      found.push(month)
    }
    month.cells.push(cell(day))
  }
  return found
}

export interface Sums {
  work: number
  rest: number
  makeUp: number
  provisional: number
}

export function sums(days: Day[]): Sums {
  const cells = days.map(cell)
  const count = (fits: (it: Cell) => boolean): number => cells.filter(fits).length
  return {
    work: count((it) => it.kind === 'work' || it.kind === 'makeUp'),
    rest: count((it) => it.kind === 'weekend' || it.kind === 'holiday'),
    makeUp: count((it) => it.kind === 'makeUp'),
    provisional: count((it) => it.provisional),
  }
}

/** The year that is asked for, or this one; what no calendar has is this one too. */
export function yearOf(asked: unknown, today: string): number {
  const year = Number(asked)
  return Number.isInteger(year) && 1950 <= year && year <= 9998 ? year : Number(today.slice(0, 4))
}
