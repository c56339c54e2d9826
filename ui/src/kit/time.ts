// Screens show Beijing time, UTC+8 all year, whatever the browser's zone is.

const OFFSET_MS = 8 * 3_600_000

const two = (value: number): string => String(value).padStart(2, '0')

/** A moment as text or ms, in ms; `NaN` for text that is no time. */
export function millis(moment: string | number): number {
  return typeof moment === 'number' ? moment : Date.parse(moment)
}

function fields(moment: string | number) {
  const date = new Date(millis(moment) + OFFSET_MS)
  return {
    year: date.getUTCFullYear(),
    month: two(date.getUTCMonth() + 1),
    day: two(date.getUTCDate()),
    hour: two(date.getUTCHours()),
    minute: two(date.getUTCMinutes()),
    second: two(date.getUTCSeconds()),
    weekday: date.getUTCDay(),
  }
}

/** `2026-08-03 03:14:26` */
export function dateTime(moment: string | number): string {
  const f = fields(moment)
  return `${f.year}-${f.month}-${f.day} ${f.hour}:${f.minute}:${f.second}`
}

/** `08-03 03:14` */
export function dayMinute(moment: string | number): string {
  const f = fields(moment)
  return `${f.month}-${f.day} ${f.hour}:${f.minute}`
}

/** `03:14:26` */
export function clockTime(moment: string | number): string {
  const f = fields(moment)
  return `${f.hour}:${f.minute}:${f.second}`
}

/** `03:14` */
export function minuteTime(moment: string | number): string {
  const f = fields(moment)
  return `${f.hour}:${f.minute}`
}

/** `08-03` */
export function monthDay(moment: string | number): string {
  const f = fields(moment)
  return `${f.month}-${f.day}`
}

/** 0 for Sunday to 6 for Saturday, in Beijing. */
export function weekday(moment: string | number): number {
  return fields(moment).weekday
}

/** `03:14:26` on the day of `today`, `08-02 03:14` on another, `2025-08-02 03:14` in another year. */
export function nearTime(moment: string | number, today: number): string {
  const whole = dateTime(moment)
  const now = dateTime(today)
  if (whole.slice(0, 10) === now.slice(0, 10)) return clockTime(moment)
  return whole.slice(0, 4) === now.slice(0, 4) ? dayMinute(moment) : whole.slice(0, 16)
}

/** A moment in ms as the value of a `datetime-local` control, in Beijing time. */
export function toControl(ms: number): string {
  return new Date(ms + OFFSET_MS).toISOString().slice(0, 16)
}

/** The value of a `datetime-local` control, read as Beijing time; `null` when it is none. */
export function fromControl(text: string): string | null {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(`${text.slice(0, 16)}:00Z`) : Number.NaN
  return Number.isFinite(ms) ? new Date(ms - OFFSET_MS).toISOString() : null
}

/** A running clock: `06:22`, `1:16:34`; the sign is the caller's. */
export function stopwatch(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds))
  const hours = Math.floor(whole / 3600)
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}

/** A span in at most two units, as keys and numbers for the catalogue (`kit.span.*`). */
export interface Span {
  key: 'seconds' | 'minutes' | 'minutesSeconds' | 'hours' | 'hoursMinutes' | 'days' | 'daysHours'
  d: number
  h: number
  m: number
  s: number
}

/** Splits seconds, not negative, into the two largest units that say enough. */
export function span(seconds: number): Span {
  const whole = Math.max(0, Math.floor(seconds))
  const d = Math.floor(whole / 86_400)
  const h = Math.floor((whole % 86_400) / 3600)
  const m = Math.floor((whole % 3600) / 60)
  const s = whole % 60
  const parts = { d, h, m, s }
  if (d > 0) return { key: h > 0 && d < 10 ? 'daysHours' : 'days', ...parts }
  if (h > 0) return { key: m > 0 ? 'hoursMinutes' : 'hours', ...parts }
  if (m > 0) return { key: s > 0 && m < 10 ? 'minutesSeconds' : 'minutes', ...parts }
  return { key: 'seconds', ...parts }
}
