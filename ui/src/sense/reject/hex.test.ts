import { expect, test } from 'vitest'
import { hexRows, printable } from './hex'

test('every byte stands on one line, also of a frame that broke off', () => {
  expect(hexRows('7e7e01', 2)).toEqual([
    { offset: 0, bytes: ['7E', '7E'] },
    { offset: 2, bytes: ['01'] },
  ])
  expect(hexRows('7e7', 16)).toEqual([{ offset: 0, bytes: ['7E', '7'] }])
  expect(hexRows('')).toEqual([])
})

test('only printable ASCII is printed', () => {
  expect(['41', '7E', '20', '0D', '7F', 'FF', '7'].map(printable)).toEqual(['A', '~', ' ', '·', '·', '·', '·'])
})
