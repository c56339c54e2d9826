import type { Handover, Line, LineKey, LineKind, Words } from './api'

/** The parts of a sheet, in its order. */
export const PARTS = ['critical', 'open', 'devices'] as const
export type Part = (typeof PARTS)[number]

export const keyOf = (line: LineKey): string => `${line.kind}:${line.item}`

/** What a machine does not do; nobody has it in hand. */
const DEVICES: readonly LineKind[] = ['silence', 'waiting']

/** Critical lines first, then what else is open, then the equipment; each in its order. */
export function parts(lines: readonly Line[]): Record<Part, Line[]> {
  const part = (line: Line): Part => (line.critical.length > 0 ? 'critical' : DEVICES.includes(line.kind) ? 'devices' : 'open')
  const found: Record<Part, Line[]> = { critical: [], open: [], devices: [] }
  for (const line of lines) found[part(line)].push(line)
  return found
}

/** All lines in the order of the screen. */
export const inOrder = (lines: readonly Line[]): Line[] => {
  const of = parts(lines)
  return PARTS.flatMap((part) => of[part])
}

/** The key `by` lines away; from nowhere the first, and no further than the ends. */
export function step(lines: readonly Line[], key: string | null, by: 1 | -1): string | null {
  const at = lines.findIndex((line) => keyOf(line) === key)
  const next = at < 0 ? lines[0] : lines[Math.max(0, Math.min(lines.length - 1, at + by))]
  return next ? keyOf(next) : null
}

/** Critical lines that nobody is named to take: the first signature waits for them. */
export const untaken = (lines: readonly Line[]): Line[] => lines.filter((line) => line.critical.length > 0 && line.taker === null)

/** What somebody says of a sheet, as it is typed. */
export interface Draft {
  to: string | null
  note: string
  lines: Record<string, { taker: string | null; note: string }>
}

export function draftOf(handover: Handover): Draft {
  const { to, note, lines } = handover.words
  const said = lines.map((line) => [keyOf(line), { taker: line.taker?.person ?? null, note: line.note }] as const)
  return { to: to?.person ?? null, note, lines: Object.fromEntries(said) }
}

/** As the server takes it; lines of which nothing is said are left out. */
export function wordsOf(draft: Draft, revision: number): Words {
  const lines = Object.entries(draft.lines).filter(([, said]) => said.taker !== null || said.note.trim() !== '')
  return {
    revision,
    to: draft.to,
    note: draft.note.trim(),
    lines: lines.map(([key, said]) => {
      const [kind, item] = key.split(':') as [LineKind, string]
      return { kind, item, taker: said.taker, note: said.note.trim() }
    }),
  }
}
