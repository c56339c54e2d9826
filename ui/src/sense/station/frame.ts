import type { Frame } from './api'

/** A run of bytes; `span` is the index of the field it is part of, `null` for none. */
export interface Piece {
  hex: string
  span: number | null
}

/**
 * Cuts a frame's hex at its fields, in the order of the bytes.
 *
 * Fields that overlap an earlier one or reach beyond the frame are cut to what is
 * left, so that every byte is shown once however strange the frame is.
 */
export function pieces(frame: Pick<Frame, 'hex' | 'spans'>): Piece[] {
  const bytes = Math.floor(frame.hex.length / 2)
  const hex = (from: number, to: number): string => frame.hex.slice(2 * from, 2 * to).toUpperCase()
  const order = frame.spans
    .map((span, index) => ({ start: span.start, end: span.start + span.len, index }))
    .sort((a, b) => a.start - b.start || a.end - b.end)
  const made: Piece[] = []
  let at = 0
  for (const { start, end, index } of order) {
    const from = Math.max(at, start)
    const to = Math.min(end, bytes)
    if (from >= to) continue
    if (from > at) made.push({ hex: hex(at, from), span: null })
    made.push({ hex: hex(from, to), span: index })
    at = to
  }
  if (at < bytes) made.push({ hex: hex(at, bytes), span: null })
  return made
}
