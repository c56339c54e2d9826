import type { RejectDetails } from './api'

/** What lies at fault: a field, a place behind the last byte, or nothing that can be shown. */
export type Fault = { kind: 'field'; index: number } | { kind: 'end' } | { kind: 'none' }

/** Which field holds the byte that is to blame. */
export function fault({ hex, offset, spans }: Pick<RejectDetails, 'hex' | 'offset' | 'spans'>): Fault {
  if (offset === null) return { kind: 'none' }
  if (offset >= hex.length / 2) return { kind: 'end' }
  const index = spans.findIndex(({ start, len }) => start <= offset && offset < start + len)
  return index < 0 ? { kind: 'none' } : { kind: 'field', index }
}

/** The field of each byte; `-1` for a byte that no field has. */
export function fieldOf(bytes: number, spans: RejectDetails['spans']): Int32Array {
  const of = new Int32Array(bytes).fill(-1)
  spans.forEach(({ start, len }, index) => of.fill(index, Math.min(start, bytes), Math.min(start + len, bytes)))
  return of
}
