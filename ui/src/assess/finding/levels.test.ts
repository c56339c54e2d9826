import { expect, test } from 'vitest'
import { levels } from './api'

test('a station has the gravest level that stands on it, and none when all are cleared', () => {
  const found = levels([
    { station: 'a', level: 'yellow', state: 'active' },
    { station: 'a', level: 'orange', state: 'active' },
    { station: 'a', level: 'red', state: 'cleared' },
    { station: 'b', level: 'blue', state: 'cleared' },
  ])
  expect([...found]).toEqual([['a', 'orange']])
})
