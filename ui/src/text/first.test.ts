import { expect, test } from 'vitest'
import { routes } from '@/app/routes'
import first from './first.zh-CN'

const files = import.meta.glob<string>('../**/*.{vue,ts}', { query: '?raw', import: 'default', eager: true })
const sources = new Map(Object.entries(files).map(([path, text]) => [path.replace(/^\.\//, '../text/').slice(3), text]))

/** The file that `from` names with `address`; `null` for what is not in a source of ours. */
function resolve(from: string, address: string): string | null {
  const path = address.startsWith('@/') ? [] : from.split('/').slice(0, -1)
  if (!address.startsWith('@/') && !address.startsWith('.')) return null
  for (const part of address.replace(/^@\//, '').split('/')) {
    if (part === '..') path.pop()
    else if (part !== '.') path.push(part)
  }
  const name = path.join('/')
  return [name, `${name}.ts`, `${name}/index.ts`].find((file) => sources.has(file)) ?? null
}

/** What is loaded with a file, itself included: what it imports without asking for it later. */
function loaded(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found
  found.add(file)
  for (const [, address] of sources.get(file)!.matchAll(/^(?:import|export)\s(?!type\b)[^'()=]*'([^']+)'/gm)) {
    const other = resolve(file, address!)
    if (other !== null) loaded(other, found)
  }
  return found
}

const has = (key: string): boolean =>
  key.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], first) !== undefined

/** Keys that a file names; of those with a variable end, how they begin. */
const keys = (text: string): string[] =>
  [...text.matchAll(/\bt[em]?\(\s*(?:(['"])([\w.-]+)\1|`([\w.-]+)\.\$\{)/g)].map((match) => (match[2] ?? match[3])!)

/** What may be shown while nobody has signed in; the routes name the pages of everybody else too, and ask for them later. */
const OPEN = ['trust/SignInPage.vue', 'trust/FirstStartPage.vue', 'app/NoAnswerPage.vue', 'respond/wall/WallEndedPage.vue', 'app/App.vue', 'main.ts']

test('what is loaded before anybody has signed in names only words that are loaded with it', () => {
  const before = new Set(OPEN.flatMap((page) => [...loaded(page)]))
  expect([...before]).toEqual(expect.arrayContaining(['kit/ErrorText.vue', 'kit/time.ts', 'trust/OfficerForm.vue', 'app/routes.ts']))
  const missing = [...before].flatMap((file) => keys(sources.get(file)!).filter((key) => !has(key)).map((key) => `${file}: ${key}`))
  expect(missing).toEqual([])
})

test('the pages that are open to everybody have their titles', () => {
  const titles = routes.filter((route) => route.meta?.public).map((route) => route.meta!.title!)
  expect(titles.length).toBe(4)
  expect(titles.filter((title) => !has(title))).toEqual([])
})
