import { bySeverity } from '@/kit/level'
import type { Incident, Line } from './api'

/** Open ones first, the gravest first, then the newest. */
export function byStanding(a: Incident, b: Incident): number {
  const open = (incident: Incident): number => (incident.state === 'open' ? 0 : 1)
  return open(a) - open(b) || bySeverity(a.level, b.level) || b.opened_at.localeCompare(a.opened_at)
}

export type Dot = 'large' | 'small' | 'hollow'

/** Large = significant, hollow = correction. */
export function dot(line: Pick<Line, 'significant' | 'corrects'>): Dot {
  if (line.corrects !== null) return 'hollow'
  return line.significant ? 'large' : 'small'
}

/** A line with the line that it corrects, and whether it was corrected later itself. */
export interface Told extends Line {
  original: Line | null
  correctedBy: Line | null
}

/** The time line, newest first; an original stays where it was and only says that it was corrected. */
export function told(lines: readonly Line[], onlySignificant: boolean): Told[] {
  const bySeq = new Map(lines.map((line) => [line.seq, line]))
  const correctedBy = new Map<number, Line>()
  for (const line of lines) if (line.corrects !== null) correctedBy.set(line.corrects, line)
  return lines
    .filter((line) => !onlySignificant || line.significant || line.corrects !== null)
    .map((line) => ({
      ...line,
      original: line.corrects === null ? null : (bySeq.get(line.corrects) ?? null),
      correctedBy: correctedBy.get(line.seq) ?? null,
    }))
    .sort((a, b) => b.seq - a.seq)
}

/** Counted people in words of the catalogue; `null` when nothing was counted. */
export function counted(casualties: Incident['casualties']): { dead: string; injured: string; trapped: string } | null {
  if (!casualties) return null
  const text = (count: number | null): string => (count === null ? '—' : String(count))
  return { dead: text(casualties.dead), injured: text(casualties.injured), trapped: text(casualties.trapped) }
}
