import { expect, test } from 'vitest'
import { act, isProposed, what } from './model'

test('what this node took over can be given back, and everything else can only be taken over', () => {
  expect(act({ origin: 'huadian', owner: 'jilin' }, 'jilin')).toBe('giveBack')
  expect(act({ origin: 'huadian', owner: 'huadian' }, 'jilin')).toBe('propose')
  expect(act({ origin: 'huadian', owner: 'changchun' }, 'jilin')).toBe('propose')
})

test('a proposal for single records does not stand in the way of one for the whole node', () => {
  const proposal = { id: '1', from: 'huadian', region: '220282', reason: 'r', proposer: 'p', proposed_by: 'n', proposed_at: 't', named: [] }
  expect(isProposed({ proposals: [{ ...proposal, of: { subjects: ['s'] } }] }, 'huadian')).toBe(false)
  expect(isProposed({ proposals: [{ ...proposal, of: { origin: 'huadian' } }] }, 'huadian')).toBe(true)
  expect(isProposed({ proposals: [{ ...proposal, of: { origin: 'jiaohe' } }] }, 'huadian')).toBe(false)
})

test('what is handed over is a whole node or a number of records', () => {
  expect(what({ origin: 'huadian' })).toEqual({ key: 'origin', origin: 'huadian' })
  expect(what({ subjects: ['a', 'b'] })).toEqual({ key: 'subjects', count: 2 })
})
