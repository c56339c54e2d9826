import { expect, test } from 'vitest'
import type { Organisation } from './api'
import { indented, tree, within } from './model'

const organisation = (id: string, parent: string | null = null): Organisation => ({
  id,
  name: id,
  kind: 'agency',
  parent,
  region: null,
  closed: false,
})

const names = (all: Organisation[]): string[] => tree(all).map(({ organisation: { name }, depth }) => `${depth}${name}`)

test('what is below an organisation follows it, by name', () => {
  const all = [organisation('c', 'b'), organisation('z', 'a'), organisation('b', 'a'), organisation('a'), organisation('0')]
  expect(names(all)).toEqual(['00', '0a', '1b', '2c', '1z'])
  expect(indented(tree(all)[3]!)).toBe('\u3000\u3000c')
})

test('one whose parent is not listed stands at the top, and nobody is lost', () => {
  expect(names([organisation('part', 'closed')])).toEqual(['0part'])
  expect(names([organisation('a', 'b'), organisation('b', 'a')]).sort()).toEqual(['0a', '1b'])
})

test('an organisation has itself and all below it within, and nothing above', () => {
  const all = [organisation('c', 'b'), organisation('b', 'a'), organisation('a'), organisation('other')]
  expect([...within(all, 'b')].sort()).toEqual(['b', 'c'])
  expect(within(all, 'a').size).toBe(3)
})
