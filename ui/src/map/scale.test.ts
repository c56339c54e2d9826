import { expect, test } from 'vitest'
import { scaleBar } from './scale'

test('the whole province shows a bar of 50 km, a village one of metres', () => {
  expect(scaleBar(43.5, 6.2)).toMatchObject({ metres: 50_000, text: '50 km' })
  expect(scaleBar(43.5, 15)).toMatchObject({ text: '100 m' })
})

test('one pixel at the equator and zoom 0 is the equator over 512', () => {
  const bar = scaleBar(0, 0)
  expect(bar.metres / bar.pixels).toBeCloseTo(40_075_016.686 / 512, -3)
})
