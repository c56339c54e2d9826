import { expect, test } from 'vitest'

/** Of a file, what it imports: addresses below `src`, with `@/` and relative ones resolved. */
function imports(file: string, text: string): string[] {
  const found = [...text.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!)
  const folder = file.split('/').slice(0, -1)
  return found.flatMap((address) => {
    if (address.startsWith('@/')) return [address.slice(2)]
    if (!address.startsWith('.')) return []
    const path = [...folder]
    for (const part of address.split('/')) {
      if (part === '..') path.pop()
      else if (part !== '.') path.push(part)
    }
    return [path.join('/')]
  })
}

/** The river, upstream first (design, section 1.3); the other folders are ground and banks. The registers come after the banks that they name. */
const RIVER = ['sense', 'assess', 'alert', 'respond']
const BANKS = ['trust', 'link']
/** Where the stages are gathered, as `server` does on the other side. */
const MOUTH = ['app/routes.ts', 'app/Shell.vue', 'app/PersonMenu.vue', 'text/zh-CN.ts', 'text/en.ts', 'text/first.zh-CN.ts', 'text/first.en.ts', 'map/MapPage.vue', 'map/past.ts', 'map/past.test.ts']

const place = (path: string): number => {
  const folder = path.split('/')[0]!
  if (RIVER.includes(folder)) return 3 + RIVER.indexOf(folder)
  if (folder === 'survey') return 2
  return BANKS.includes(folder) ? 1 : 0
}

function against(file: string, text: string): string[] {
  if (MOUTH.includes(file)) return []
  const own = place(file)
  return imports(file, text)
    .filter((other) => place(other) > own || (place(other) === 1 && own === 1 && other.split('/')[0] !== file.split('/')[0]))
    .map((other) => `${file} imports ${other}`)
}

test('an import against the river is named, whichever way it is written', () => {
  expect(against('sense/a.ts', "import x from '@/alert/b'")).toEqual(['sense/a.ts imports alert/b'])
  expect(against('sense/station/a.ts', "const x = () => import('../../assess/b.vue')")).toEqual(['sense/station/a.ts imports assess/b.vue'])
  expect(against('kit/a.ts', "import '../trust/b'")).toEqual(['kit/a.ts imports trust/b'])
  expect(against('alert/a.ts', "import x from '@/sense/b'; import y from './c'; import { z } from 'vue'")).toEqual([])
})

test('nothing upstream imports what is downstream of it', () => {
  const sources = import.meta.glob<string>('../**/*.{ts,vue}', { query: '?raw', import: 'default', eager: true })
  // Keys are relative to this folder: `./x` is of `app`, `../map/x` of `map`.
  const files = Object.entries(sources).map(([path, text]) => [path.startsWith('./') ? `app/${path.slice(2)}` : path.slice(3), text] as const)
  expect(files.length).toBeGreaterThan(150)
  for (const gathered of MOUTH) expect(files.map(([file]) => file)).toContain(gathered)
  expect(files.filter(([file]) => file !== 'app/arrows.test.ts').flatMap(([file, text]) => against(file, text))).toEqual([])
})
