import { expect, test } from 'vitest'
import type { Neighbours } from './api'
import { difference, digits, grouped, isName, neighbours, readFingerprint } from './model'

const key = (origin: string, trusted: boolean, regions: string[], decided_at: string) => ({
  origin,
  fingerprint: `${origin}-${decided_at}`,
  trusted,
  regions,
  reason: trusted ? null : '机器失窃',
  decided_by: '冯安全',
  decided_at,
  position: 0,
})
const heard = (origin: string) => ({ origin, position: 7, last_at: null, arrived_at: null, unapplied: 0, conflicts: 0 })
const refused = (origin: string) => ({ digest: 'd', origin, reason: 'r', bytes: 1, times: 1, refused_at: '2026-08-03T00:00:00Z' })
const all = (parts: Partial<Neighbours>): Pick<Neighbours, 'items' | 'grants' | 'readings' | 'refused' | 'heard'> => ({
  items: [],
  grants: [],
  readings: [],
  refused: [],
  heard: [],
  ...parts,
})

test('who sent something and was never confirmed is first, and who says no name is nobody', () => {
  const list = neighbours(all({ items: [key('huadian', true, ['220282'], '1')], refused: [refused('zz'), refused('')] }))
  expect(list.map(({ origin, standing }) => [origin, standing])).toEqual([
    ['zz', 'stranger'],
    ['huadian', 'trusted'],
  ])
})

test('a node with one trusted key is trusted, and speaks for what its trusted keys may, not for what others might', () => {
  const items = [key('a', false, [], '3'), key('a', true, ['220282'], '1'), key('a', true, ['220281', '220282'], '2')]
  const [node] = neighbours(all({ items, heard: [heard('a')] }))
  expect(node!.standing).toBe('trusted')
  expect(node!.regions).toEqual(['220281', '220282'])
  expect(node!.keys.map((each) => each.decided_at)).toEqual(['2', '1', '3'])
  expect(node!.heard?.position).toBe(7)
})

test('a node whose every key is trusted no more is trusted no more', () => {
  expect(neighbours(all({ items: [key('a', false, [], '1')] }))[0]!.standing).toBe('distrusted')
})

test('who only reads is no stranger who knocks, until it sends something', () => {
  const reading = { origin: 'jilin', regions: [], openness: 'public', decided_by: '冯安全', decided_at: '1' } as const
  const [node] = neighbours(all({ readings: [{ ...reading, regions: [] }] }))
  expect([node!.standing, node!.reading?.openness, node!.keys]).toEqual(['reader', 'public', []])
  expect(neighbours(all({ readings: [{ ...reading, regions: [] }], refused: [refused('jilin')] }))[0]!.standing).toBe('stranger')
})

test('a fingerprint is read as people type it, and nothing else is one', () => {
  const plain = '0123456789abcdef'.repeat(4)
  expect(readFingerprint(` ${grouped(plain).toUpperCase()}\n`)).toBe(plain)
  expect(readFingerprint(plain.match(/../g)!.join(':'))).toBe(plain)
  for (const odd of ['', plain.slice(1), `${plain}0`, `${plain.slice(1)}g`]) expect(readFingerprint(odd), odd).toBeNull()
  expect(digits('01 23:4')).toBe(5)
})

test('a name is what the server takes', () => {
  expect(['jilin', 'A-1', 'x'.repeat(64)].every(isName)).toBe(true)
  expect(['', '吉林', 'a b', 'a/b', 'x'.repeat(65)].some(isName)).toBe(false)
})

test('what is added and what is taken away are told apart', () => {
  expect(difference(['220281', '220282'], ['220282', '220283'])).toEqual({ added: ['220283'], dropped: ['220281'] })
})
