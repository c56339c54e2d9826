import { expect, test } from 'vitest'
import { given, onPaper, ours, sitePath } from './model'

const point = { lon: 126.75, lat: 42.97 }

test('a form starts with the numbers on the paper, and with ours where those were not kept', () => {
  expect(given({ point, original: { original: [126.7557, 42.9721], datum: 'gcj02' } })).toEqual({ x: '126.7557', y: '42.9721', datum: 'gcj02' })
  expect(given({ point, original: null })).toEqual({ x: '126.75', y: '42.97', datum: 'cgcs2000' })
  expect(given({ point: null, original: null })).toEqual({ x: '', y: '', datum: 'cgcs2000' })
})

test('the paper stands beside our numbers where it has others', () => {
  expect(ours({ point, original: null })).toBe('126.750000, 42.970000')
  expect(onPaper({ point, original: { original: [126.75, 42.97], datum: 'cgcs2000' } })).toBeNull()
  expect(onPaper({ point, original: { original: [126.7557, 42.9721], datum: 'bd09' } })).toEqual({ x: 126.7557, y: 42.9721, datum: 'BD-09' })
  expect(ours({ point: null, original: null })).toBeNull()
})

test('what it stands at has its page', () => {
  expect(sitePath({ id: '1', kind: null, name: '矿业公司' })).toBe('/monitor/safety/enterprises/1')
  expect(sitePath({ id: '2', kind: 'pond', name: '尾矿库' })).toBe('/monitor/safety/sites/2')
})
