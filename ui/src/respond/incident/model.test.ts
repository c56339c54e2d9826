import { expect, test } from 'vitest'
import type { Line } from './api'
import { counted, dot, told } from './model'

const line = (seq: number, over: Partial<Line> = {}): Line => ({
  seq,
  id: `f${seq}`,
  at: '2026-08-02T19:00:00Z',
  kind: 'incident.noted',
  subject: 'i',
  title: `line ${seq}`,
  detail: null,
  by: '李沛然',
  significant: false,
  corrects: null,
  ...over,
})

test('the newest line stands on top and an original keeps its place', () => {
  const lines = told([line(1), line(2), line(3, { corrects: 1 })], false)
  expect(lines.map(({ seq }) => seq)).toEqual([3, 2, 1])
  expect(lines[0]?.original?.seq).toBe(1)
  expect(lines[2]?.title).toBe('line 1')
  expect(lines[2]?.correctedBy?.seq).toBe(3)
})

test('what matters is shown with its corrections', () => {
  const lines = told([line(1), line(2, { significant: true }), line(3, { corrects: 2 }), line(4)], true)
  expect(lines.map(({ seq }) => seq)).toEqual([3, 2])
})

test('a correction of a line that we may not see stands alone', () => {
  expect(told([line(3, { corrects: 1 })], false)[0]).toMatchObject({ original: null, corrects: 1 })
})

test('dots say what a line is', () => {
  expect(dot(line(1))).toBe('small')
  expect(dot(line(1, { significant: true }))).toBe('large')
  expect(dot(line(1, { significant: true, corrects: 0 }))).toBe('hollow')
})

test('nobody counted is not nobody harmed', () => {
  expect(counted(null)).toBeNull()
  expect(counted({ dead: 0, injured: 2, trapped: null })).toEqual({ dead: '0', injured: '2', trapped: '—' })
})
