import { expect, test } from 'vitest'
import { ApiError } from '@/api/error'
import { creditCodeFault, endOfDay, faultOf, isCas, steps, today, typedNumber, typedPlace } from './model'

test('a credit code is judged as the server judges it', () => {
  // The same codes as in crates/survey/src/credit_code.rs.
  expect(creditCodeFault('91350100M000100Y43')).toBeNull()
  expect(creditCodeFault(' 91350100m000100y43 ')).toBeNull()
  expect(creditCodeFault('91350100M000100Y42')).toEqual({ why: 'check', seen: '2', expected: '3' })
  expect(creditCodeFault('91350100M0O0100Y43')).toEqual({ why: 'character', at: 11, seen: 'O' })
  expect(creditCodeFault('9135')).toEqual({ why: 'length', seen: 4 })
  expect(creditCodeFault('９1350100M000100Y43')?.why).toBe('character')
})

test('a CAS number has a check digit of its own', () => {
  for (const fine of ['7664-41-7', '10102-44-0', '68476-85-7', '']) expect(isCas(fine), fine).toBe(true)
  for (const wrong of ['7664-41-8', '7664417', '07-44-5', 'x']) expect(isCas(wrong), wrong).toBe(false)
})

test('nothing typed is nothing, and no number is none', () => {
  expect(typedNumber(' ')).toBeNull()
  expect(typedNumber('1e3')).toBe(1000)
  for (const wrong of ['1,000', '0x1F', 'Infinity', '1 2']) expect(typedNumber(wrong), wrong).toBeNaN()
})

test('a place is two numbers within its datum, or nothing', () => {
  expect(typedPlace({ x: '', y: '', datum: 'wgs84' })).toBeNull()
  expect(typedPlace({ x: '126.7', y: '', datum: 'wgs84' })).toBe('half')
  expect(typedPlace({ x: '126.7', y: '142', datum: 'wgs84' })).toBe('range')
  expect(typedPlace({ x: '126.7', y: 'x', datum: 'wgs84' })).toBe('range')
  expect(typedPlace({ x: '126.7', y: '42.9', datum: 'gcj02' })).toEqual({ original: [126.7, 42.9], datum: 'gcj02' })
  expect(typedPlace({ x: '14100000', y: '5300000', datum: 'bd09mc' })).toEqual({ original: [14_100_000, 5_300_000], datum: 'bd09mc' })
})

test('a refusal stands at its field, whatever the path to it', () => {
  const refused = (field: string) => new ApiError(422, 'bad-request', { field, expected: '1 to 5' })
  expect(faultOf(refused('grade'), 'grade')).toBe('1 to 5')
  expect(faultOf(refused('details.particulars.pond.grade'), 'grade')).toBe('1 to 5')
  expect(faultOf(refused('upgrade'), 'grade')).toBeNull()
  expect(faultOf(null, 'grade')).toBeNull()
})

test('days are those of Beijing', () => {
  expect(today(Date.parse('2026-08-02T16:30:00Z'))).toBe('2026-08-03')
  expect(endOfDay('2026-08-03')).toBe('2026-08-03T15:59:59.999Z')
})

test('what is closed stays closed', () => {
  expect(steps('closed')).toEqual([])
  expect(steps('operating')).toEqual(['suspend', 'close'])
  expect(steps('planned')).toContain('start')
  expect(steps('suspended')).not.toContain('suspend')
})
