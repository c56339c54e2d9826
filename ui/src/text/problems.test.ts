import { expect, test } from 'vitest'
import en from './en'
import first from './first.zh-CN'
import zhCN from './zh-CN'

const sources = import.meta.glob<string>('../../../crates/*/src/**/*.rs', { query: '?raw', import: 'default', eager: true })

/** What a file says in its own tests is no answer of the server. */
const ofTests = (path: string, text: string): string =>
  /(\/|_)tests?(\.rs|\/)/.test(path) ? '' : text.split('#[cfg(test)]')[0]!

/** Every `code` that the server's problem documents can carry, from where they are made: of all files, or of those named. */
function codes(where: (path: string) => boolean = () => true): string[] {
  const found = new Set<string>()
  for (const [path, whole] of Object.entries(sources)) {
    if (!where(path)) continue
    const text = ofTests(path, whole)
    for (const match of text.matchAll(/Error::conflict\(\s*([^,)]*)/g)) {
      // A code that is no literal could not be found here.
      expect(match[1], path).toMatch(/^"[a-z-]+"$/)
      found.add(match[1]!.slice(1, -1))
    }
    if (!path.endsWith('/host/src/error.rs')) continue
    for (const match of text.matchAll(/=> \(\d{3}, "([a-z-]+)"\)/g)) found.add(match[1]!)
  }
  return [...found].sort()
}

test('every problem code of the server has words in both languages', () => {
  const all = codes()
  expect(all).toContain('too-slow')
  expect(all).toContain('wrong-state')
  const known = (errors: object) => all.filter((code) => !(code in errors))
  expect(known(zhCN.error)).toEqual([])
  expect(known(en.error)).toEqual([])
})

test('what the doors say to somebody who has not signed in has words on the first page', () => {
  const doors = codes((path) => /\/host\/src\/error\.rs$|\/trust\/src\/(session\/|office\.rs$)/.test(path))
  expect(doors).toContain('sign-in-refused')
  expect(doors).toContain('secret-not-valid')
  expect(doors.filter((code) => !(code in first.error))).toEqual([])
})
