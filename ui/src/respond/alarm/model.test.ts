import { expect, test } from 'vitest'
import type { Item } from '../duty/api'
import { calls, ringing, stillSilenced } from './model'

const item = (id: string, over: Partial<Item> = {}): Item => ({
  kind: 'notice',
  id,
  level: 'red',
  title: id,
  detail: '',
  since: '2026-08-02T19:00:00Z',
  owner: null,
  due: null,
  overdue: false,
  action: 'acknowledge',
  ...over,
})
const of = (...mine: Item[]): string[] => calls({ mine, others: [item('elsewhere')], done: [item('done')] }).map(({ item: { id } }) => id)

test('red and orange that wait for this person ring, and nothing else does', () => {
  const levels = (['red', 'orange', 'yellow', 'blue', null] as const).map((level) => item(String(level), { level }))
  expect(of(...levels)).toEqual(['red', 'orange'])
})

test('what somebody has taken is quiet', () => {
  expect(of(item('taken', { owner: { person: 'p', name: '韩立春' } }), item('free'))).toEqual(['free'])
})

test('a warning that waits for a hand rings, one that is to be extended or written again does not', () => {
  const acts = (['review', 'issue', 'review_after', 'edit', 'extend', 'chase', null] as const).map((action) =>
    item(String(action), { kind: 'warning', action }),
  )
  expect(of(...acts)).toEqual(['review', 'issue', 'review_after'])
})

test('silence is for what was there: what comes later rings, and so does what comes again', () => {
  const two = calls({ mine: [item('a'), item('b')], others: [], done: [] })
  const silenced = new Set([two[0]!.key])
  expect(ringing(two, silenced).map(({ item: { id } }) => id)).toEqual(['b'])
  expect(stillSilenced(two, silenced)).toEqual(silenced)
  expect(stillSilenced([two[1]!], silenced)).toEqual(new Set())
})
