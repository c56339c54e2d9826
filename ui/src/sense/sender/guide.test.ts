import { expect, test } from 'vitest'
import { first, withKey } from './guide'

test('the newest says how the first message went', () => {
  const [early, late] = ['2026-08-03T00:00:00Z', '2026-08-03T00:00:01Z']
  expect(first(null, null)).toBe('waits')
  expect(first(early, null)).toBe('heard')
  expect(first(null, early)).toBe('refused')
  expect(first(early, early)).toBe('refused')
  expect(first(late, early)).toBe('heard')
  expect(first(early, late)).toBe('refused')
})

test('a key stands in its line whole or by its words, and ends no quotes', () => {
  expect(withKey("curl -u 'a:{KEY}'", 'abc', '…')).toBe("curl -u 'a:abc'")
  expect(withKey('{KEY:3} {KEY:4}', 'aes base64 K I', '…')).toBe('K I')
  expect(withKey("'{KEY}'", "a'b", '…')).toBe("'a'\\''b'")
  expect(withKey("'{KEY}' {KEY:2}", null, '…')).toBe("'…' …")
  expect(withKey('{KEY}', '$& $1', '…')).toBe('$& $1')
})
