import { expect, test } from 'vitest'
import { credit } from './credit'

test('nothing is credited twice, and nothing is left out', () => {
  expect(credit('非正式地图 · © GeoNames', ['CGCS2000', '© GeoNames', null])).toBe('非正式地图 · © GeoNames · CGCS2000')
  expect(credit('', ['CGCS2000'])).toBe('CGCS2000')
})
