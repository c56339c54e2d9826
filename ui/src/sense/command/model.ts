import type { Command, Field, State } from './api'

/** What stands in the controls of a form: texts, lists, switches, and parameters by name. */
export type Typed = Record<string, unknown>

/** What a control shows before anybody has typed. */
export function empty(field: Field): unknown {
  switch (field.type) {
    case 'many':
      return []
    case 'switches':
      return [false]
    case 'parameters':
      return {}
    default:
      return ''
  }
}

export type Fault = 'missing' | 'number' | 'json'

/** The values of a form as the API takes them, and what is wrong with them by field. */
export function collect(fields: readonly Field[], typed: Typed): { values: Record<string, unknown>; faults: Record<string, Fault> } {
  const values: Record<string, unknown> = {}
  const faults: Record<string, Fault> = {}
  for (const field of fields) {
    const held = typed[field.name] ?? empty(field)
    if (field.type === 'parameters') {
      const chosen = held as Typed
      const inner = field.of.filter((each) => each.name in chosen)
      if (inner.length === 0) faults[field.name] = 'missing'
      const made = collect(inner, chosen)
      Object.assign(faults, made.faults)
      values[field.name] = made.values
    } else if (field.type === 'many' || field.type === 'switches') {
      if ((held as unknown[]).length === 0) faults[field.name] = 'missing'
      values[field.name] = held
    } else {
      const text = String(held).trim()
      if (field.type === 'object') {
        // Nothing typed is an object without anything in it.
        const object = text === '' ? {} : parsed(text)
        if (object === null) faults[field.name] = 'json'
        values[field.name] = object
      } else if (text === '') {
        faults[field.name] = 'missing'
      } else if (field.type === 'number' && !/^-?\d+(\.\d+)?$/.test(text)) {
        faults[field.name] = 'number'
      } else {
        values[field.name] = field.type === 'hour' ? hourOf(text) : text
      }
    }
  }
  return { values, faults }
}

function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

/** A local hour of Beijing (`2026-08-03T08:00`) as the API takes it. */
function hourOf(local: string): string {
  return new Date(`${local.slice(0, 13)}:00:00+08:00`).toISOString()
}

/** How a state looks: never by colour alone. */
export function lookOf(state: State): { sign: string; tone: 'waits' | 'good' | 'bad' | 'over' } {
  switch (state) {
    case 'asked':
      return { sign: '…', tone: 'waits' }
    case 'sent':
      return { sign: '↓', tone: 'waits' }
    case 'delivered':
    case 'answered':
    case 'confirmed':
      return { sign: '✓', tone: 'good' }
    case 'timed_out':
    case 'uncertain':
    case 'refused':
      return { sign: '!', tone: 'bad' }
    default:
      return { sign: '–', tone: 'over' }
  }
}

export interface Said {
  name: string
  value: string
}

const show = (value: unknown): string => (value === null || value === undefined ? '—' : typeof value === 'object' ? JSON.stringify(value) : String(value))

/**
 * An answer line by line: what has a name and a value is one line with its unit, and
 * everything else stands under the path that leads to it.
 */
export function linesOf(said: unknown, path = ''): Said[] {
  if (Array.isArray(said)) {
    if (said.every((each) => typeof each !== 'object' || each === null)) return [{ name: path, value: said.map(show).join(', ') }]
    return said.flatMap((each, index) => linesOf(each, said.length > 1 ? `${path} ${index + 1}`.trim() : path))
  }
  if (typeof said !== 'object' || said === null) return [{ name: path, value: show(said) }]
  const of = said as Record<string, unknown>
  if ('id' in of && ('value' in of || 'text' in of)) {
    const name = typeof of.name === 'string' ? `${of.name}（${show(of.id)}）` : show(of.id)
    const unit = typeof of.unit === 'string' ? ` ${of.unit}` : ''
    const flags = typeof of.flags === 'object' ? linesOf(of.flags, name) : []
    const value = 'value' in of ? of.value : of.text
    return [{ name, value: `${show(value)}${value === null ? '' : unit}` }, ...flags]
  }
  const inner = (key: string): string => (path === '' || key === 'blocks' || key === 'elements' ? (key === 'blocks' || key === 'elements' ? path : key) : `${path} ${key}`)
  // What only the protocol needs, and a code beside its word, tell a person nothing.
  const quiet = (key: string): boolean => key === 'serial' || `${key}_name` in of
  return Object.entries(of).flatMap(([key, value]) => (quiet(key) ? [] : linesOf(value, inner(key))))
}

/** Whether somebody may still take it back, as far as the row tells. */
export const mayTakeBack = (command: Command): boolean => command.state === 'asked'
