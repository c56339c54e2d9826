import { expect, test } from 'vitest'
import { keySign } from './keys'

test('a key is printed as it stands on the keyboard', () => {
  expect(['ArrowLeft', 'ArrowRight', 'Escape', 'Enter', 'j', ' ', 'ctrl+k', '?'].map(keySign)).toEqual([
    '←', '→', 'Esc', 'Enter', 'J', '␣', 'Ctrl K', '?',
  ])
})
