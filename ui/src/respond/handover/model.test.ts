import { expect, test } from 'vitest'
import type { Handover, Line } from './api'
import { draftOf, inOrder, keyOf, parts, step, untaken, wordsOf } from './model'

const line = (item: string, over: Partial<Line> = {}): Line => ({
  kind: 'incident',
  item,
  level: null,
  title: item,
  detail: '',
  since: '2026-08-02T19:00:00Z',
  owner: null,
  due: null,
  clock: null,
  overdue: false,
  critical: [],
  taker: null,
  note: '',
  ...over,
})
const person = { person: 'p', name: '赵启明' }
const lines = [line('s', { kind: 'silence' }), line('a'), line('r', { critical: ['level'] }), line('t', { critical: ['late'], taker: person })]

test('critical lines stand first, the equipment last', () => {
  expect(parts(lines).devices.map(({ item }) => item)).toEqual(['s'])
  expect(inOrder(lines).map(({ item }) => item)).toEqual(['r', 't', 'a', 's'])
})

test('the first signature waits for critical lines that nobody takes', () => {
  expect(untaken(lines).map(({ item }) => item)).toEqual(['r'])
})

test('J and K walk the lines and stop at the ends', () => {
  const all = inOrder(lines)
  expect(step(all, null, 1)).toBe('incident:r')
  expect(step(all, 'incident:r', -1)).toBe('incident:r')
  expect(step(all, 'incident:a', 1)).toBe('silence:s')
  expect(step(all, 'silence:s', 1)).toBe('silence:s')
  expect(step([], null, 1)).toBeNull()
})

test('what was said is read, and sent back without the lines of which nothing is said', () => {
  const words = { to: person, note: '平稳', lines: [{ kind: 'incident', item: 'a', taker: null, note: '等意见' }] }
  const draft = draftOf({ words } as Handover)
  draft.lines[keyOf(line('r'))] = { taker: 'q', note: ' ' }
  draft.lines[keyOf(line('x'))] = { taker: null, note: '  ' }
  expect(wordsOf(draft, 3)).toEqual({
    revision: 3,
    to: 'p',
    note: '平稳',
    lines: [
      { kind: 'incident', item: 'a', taker: null, note: '等意见' },
      { kind: 'incident', item: 'r', taker: 'q', note: '' },
    ],
  })
})
