import { baseCompile } from '@intlify/message-compiler'
import { expect, test } from 'vitest'
import en from './en'
import zhCN from './zh-CN'

type Tree = { [key: string]: string | Tree }

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const all = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    const path = prefix ? `${prefix}.${key}` : key
    if (typeof value === 'string') all.set(path, value)
    else for (const [inner, text] of flat(value, path)) all.set(inner, text)
  }
  return all
}

const source = flat(zhCN as unknown as Tree)
const english = flat(en as unknown as Tree)
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

test('English has every key of the source and no other', () => {
  expect([...english.keys()].sort()).toEqual([...source.keys()].sort())
})

test('no message is empty, and both languages have the same placeholders', () => {
  for (const [key, text] of source) {
    expect(text.trim(), key).not.toBe('')
    expect(english.get(key)?.trim(), key).not.toBe('')
    expect(placeholders(english.get(key) ?? ''), key).toEqual(placeholders(text))
  }
})

test('every message can be read by the compiler', () => {
  for (const [key, text] of [...source, ...english]) {
    const faults: string[] = []
    baseCompile(text, { onError: (error) => faults.push(error.message) })
    expect(faults, key).toEqual([])
  }
})

const code = import.meta.glob<string>('../**/*.{vue,ts}', { query: '?raw', import: 'default', eager: true })

test('every key that the code names is in the catalogue', () => {
  const groups = new Set<string>()
  for (const key of source.keys()) {
    const parts = key.split('.')
    for (let length = 1; length <= parts.length; length += 1) groups.add(parts.slice(0, length).join('.'))
  }
  const missing: string[] = []
  for (const [path, text] of Object.entries(code)) {
    if (path.endsWith('.test.ts')) continue
    for (const match of text.matchAll(/\bt[em]?\(\s*(['"])([\w.-]+)\1/g)) {
      if (!groups.has(match[2]!)) missing.push(`${path}: ${match[2]}`)
    }
    // A key with a variable end must at least begin like a group that exists.
    for (const match of text.matchAll(/\bt[em]?\(\s*`([\w.-]+)\.\$\{/g)) {
      if (!groups.has(match[1]!)) missing.push(`${path}: ${match[1]}`)
    }
  }
  expect(missing).toEqual([])
})
