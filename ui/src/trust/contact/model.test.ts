import { expect, test } from 'vitest'
import { isEmail, isMobile, ways } from './model'

test('somebody is told by what is there', () => {
  expect(ways({ person: 'p', has_mobile: true, has_email: false })).toEqual(['in_app', 'mobile'])
  expect(ways({ person: null, has_mobile: false, has_email: true })).toEqual(['email'])
})

test('a number may be typed with hyphens, spaces and the country', () => {
  for (const fine of ['13812345678', '+86 138-1234-5678', '119', '+85212345678']) expect(isMobile(fine)).toBe(true)
  for (const wrong of ['', '12', '138一二', '+', '1234567890123456']) expect(isMobile(wrong)).toBe(false)
})

test('an address has one at sign and no blanks', () => {
  expect(isEmail('yu.haitang@example.cn')).toBe(true)
  for (const wrong of ['', 'yu', 'a b@c', 'a@b@c', 'a@']) expect(isEmail(wrong)).toBe(false)
})
