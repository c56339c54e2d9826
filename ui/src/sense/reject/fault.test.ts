import { expect, test } from 'vitest'
import { fault, fieldOf } from './fault'

const spans = [
  { start: 0, len: 2, name: 'start', text: '' },
  { start: 2, len: 3, name: 'data', text: '' },
]

test('the field that holds the byte to blame is at fault', () => {
  const at = (offset: number | null) => fault({ hex: '7E7E010203', offset, spans })
  expect(at(1)).toEqual({ kind: 'field', index: 0 })
  expect(at(4)).toEqual({ kind: 'field', index: 1 })
  expect(at(5)).toEqual({ kind: 'end' })
  expect(at(null)).toEqual({ kind: 'none' })
  expect(fault({ hex: '7E7E010203', offset: 4, spans: spans.slice(0, 1) })).toEqual({ kind: 'none' })
})

test('every byte knows its field, also where a field reaches beyond the bytes', () => {
  expect([...fieldOf(6, spans)]).toEqual([0, 0, 1, 1, 1, -1])
  expect([...fieldOf(3, spans)]).toEqual([0, 0, 1])
})
