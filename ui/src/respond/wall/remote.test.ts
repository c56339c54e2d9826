import { expect, test } from 'vitest'
import { read } from './remote'

test('only the words of walls and desks are taken from the channel', () => {
  expect(read({ is: 'show', scene: 'clocks' })).toEqual({ is: 'show', scene: 'clocks' })
  expect(read({ is: 'here', scene: 'incident', more: 1 })).toEqual({ is: 'here', scene: 'incident' })
  expect(read({ is: 'gone' })).toEqual({ is: 'gone' })
  for (const word of [null, 'show', { is: 'show' }, { is: 'show', scene: 'x' }, { is: 'other', scene: 'clocks' }]) expect(read(word)).toBeNull()
})
