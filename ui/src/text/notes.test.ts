import { expect, test } from 'vitest'
import facts from '../../../docs/reference/facts.md?raw'
import en from './en'
import zhCN from './zh-CN'

/** The kinds of note that the server's slices declare, from the generated reference. */
function kinds(): string[] {
  const section = facts.split('\n## ').find((part) => part.startsWith('Notes\n')) ?? ''
  return [...section.matchAll(/^\| `([a-z_.]+)` \|/gm)].map((match) => match[1]!)
}

const at = (words: object, path: string): unknown =>
  path.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], words)

test('every kind of note has words in both languages, and no other has', () => {
  const all = kinds()
  expect(all).toContain('intake.viewed')
  const counted = (words: Record<string, object>) => Object.values(words).reduce((sum, part) => sum + Object.keys(part).length, 0)
  for (const words of [zhCN.note, en.note]) {
    expect(all.filter((kind) => typeof at(words, kind) !== 'string')).toEqual([])
    expect(counted(words)).toBe(all.length)
  }
})
