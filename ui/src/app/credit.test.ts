import { expect, test } from 'vitest'
import { credit, inWords } from './credit'

test('nothing is credited twice, and nothing is left out', () => {
  expect(credit('非正式地图 · © GeoNames', ['CGCS2000', '© GeoNames', null])).toBe('非正式地图 · © GeoNames · CGCS2000')
  expect(credit('', ['CGCS2000'])).toBe('CGCS2000')
})

test('only what a demonstration says of its map is put in other words', () => {
  const words = { 演示数据: 'demo data', 非正式地图: 'not an official map' }
  expect(inWords('演示数据 · 非正式地图 · © GeoNames', words)).toBe('demo data · not an official map · © GeoNames')
  expect(inWords('审图号：吉S（2023）001号', words)).toBe('审图号：吉S（2023）001号')
})
