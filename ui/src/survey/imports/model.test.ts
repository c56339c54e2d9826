import { expect, test } from 'vitest'
import type { Import, Register } from './api'
import { chosenFixed, chosenPlaces, faultWord, isMoving, mayConfirm, mayMap, mayStop, said, share } from './model'

const counts = { seen: 0, added: 0, changed: 0, same: 0, refused: 0 }
const of = (state: Import['state'], seen = 0, rows = 0, added = 0) => ({ state, rows, counts: { ...counts, seen, added } })

test('what can be done follows from the state and from what would change', () => {
  expect(mayConfirm(of('ready', 9, 9, 1))).toBe(true)
  expect(mayConfirm(of('ready', 9, 9, 0))).toBe(false)
  expect(mayConfirm(of('stopped', 5, 9))).toBe(true)
  expect(mayConfirm(of('stopped'))).toBe(false)
  expect(mayConfirm(of('running', 5, 9, 5))).toBe(false)
  expect([of('reading'), of('running'), of('ready'), of('done')].map(isMoving)).toEqual([true, true, false, false])
  expect([of('ready'), of('done')].map(mayStop)).toEqual([true, false])
  expect([of('unmapped'), of('running')].map(mayMap)).toEqual([true, false])
})

test('how far it is is said only where it is known', () => {
  expect(share(of('reading', 128, 128))).toBeNull()
  expect(share(of('running', 5, 20))).toBe(0.25)
  expect(share(of('running', 5, 0))).toBeNull()
  expect(share(of('done', 20, 20))).toBe(1)
})

test('a choice of columns goes out as it was shown', () => {
  const column = (name: string) => ({ name, words: [name], needed: true, hint: ['', ''] })
  const register = { name: 'r', words: ['登记', 'Register'], columns: [column('code'), column('name')] } as Register
  const layout = { sheets: ['一'], sheet: '一', header_row: 1, headers: ['甲', '乙'], places: [1, null], fixed: [null, '某'] }
  expect(chosenPlaces(register, { layout })).toEqual({ code: '1', name: '' })
  expect(chosenFixed(register, { layout })).toEqual({ code: '', name: '某' })
  expect(said('一', { code: '1', name: '' }, { name: '某' })).toEqual({ sheet: '一', places: { code: 1, name: null }, fixed: { name: '某' } })
})

test('a fault of a newer server is a value that does not fit', () => {
  expect(faultWord('formula')).toBe('formula')
  expect(faultWord('from-the-future')).toBe('value')
})
