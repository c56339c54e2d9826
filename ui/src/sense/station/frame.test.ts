import { expect, test } from 'vitest'
import { pieces } from './frame'

const span = (start: number, len: number) => ({ start, len, name: '', text: '' })
const cut = (hex: string, ...spans: [number, number][]) =>
  pieces({ hex, spans: spans.map(([start, len]) => span(start, len)) }).map(({ hex, span }) => `${hex}:${span ?? '-'}`)

test('bytes between the fields are kept as they are', () => {
  expect(cut('7e7e01aabb03', [0, 2], [3, 2])).toEqual(['7E7E:0', '01:-', 'AABB:1', '03:-'])
})

test('fields in another order, overlapping or too long lose no byte and show none twice', () => {
  for (const spans of [
    [[3, 2], [0, 2]],
    [[0, 4], [2, 2]],
    [[4, 99]],
    [[9, 2]],
  ] as [number, number][][]) {
    expect(cut('0102030405ff', ...spans).map((text) => text.split(':')[0]).join('')).toBe('0102030405FF')
  }
})

test('a frame without fields is one run of bytes, an empty one is none', () => {
  expect(cut('0102')).toEqual(['0102:-'])
  expect(cut('')).toEqual([])
})
