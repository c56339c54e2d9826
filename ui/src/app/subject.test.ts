import { expect, test } from 'vitest'
import type { Schema } from '@/api/schema'
import { shellRoutes } from './routes'
import { subjectPage } from './subject'

/** Nouns of facts and of notes whose subject has no page of its own, and where it is shown instead. */
const WITHOUT: Record<string, string> = {
  key: 'nowhere yet',
  world: 'the list of drills is opened from the top bar',
  node: 'the list of neighbours',
  request: 'the list of requests',
  custody: 'the list of what changed hands',
  errand: 'the list of errands',
  segment: 'the exchange by files',
  organisation: 'the list of organisations',
  role: 'the list of roles',
  grant: 'the account',
  region: 'the list of regions',
  calendar: 'the year of working days',
  import: 'the list of imports, which is everybody\'s own',
  rule: 'the station',
  finding: 'the station, or the earthquake',
  shaking: 'the earthquake',
  duty: 'the duty desk',
  message: 'the warning that it tells of',
  received_reject: 'the list of what was refused, beside the received warnings',
  session: 'the trail',
  access: 'the trail',
  password: 'the trail',
  backup: 'the trail',
  reading: 'the trail',
}

/** Every kind of row of the duty desk; a new one is a type error here. */
const ROWS: Record<Schema['ItemKind'], true> = { warning: true, notice: true, task: true, incident: true, waiting: true, intake: true }

const pageOf = (kind: string): string | null => subjectPage(shellRoutes, kind, '1')?.path ?? null

function nouns(): string[] {
  const [facts] = Object.values(import.meta.glob<string>('../../../docs/reference/facts.md', { query: '?raw', import: 'default', eager: true }))
  const kinds = [...facts!.matchAll(/^\| `([a-z_.]+)` \| \d+ \|/gm)].map((match) => match[1]!)
  return [...new Set(kinds.map((kind) => kind.split('.')[0]!))]
}

test('every noun of a fact or a note has a page, or it is said where it is shown', () => {
  expect(nouns().length).toBeGreaterThan(15)
  const unknown = nouns().filter((noun) => pageOf(noun) === null && !(noun in WITHOUT))
  expect(unknown).toEqual([])
  const stale = Object.keys(WITHOUT).filter((noun) => !nouns().includes(noun) || pageOf(noun) !== null)
  expect(stale).toEqual([])
})

test('every row of the duty desk leads somewhere', () => {
  for (const kind of Object.keys(ROWS)) expect(pageOf(kind), kind).not.toBeNull()
})

test('no two pages show one noun', () => {
  const shown = shellRoutes.flatMap((route) => route.meta?.shows?.nouns ?? [])
  expect(new Set(shown).size).toBe(shown.length)
})

test('a fact leads to the page of its subject, and says what one must hold to see it', () => {
  expect(pageOf('task.accepted')).toBe('/command/tasks/1')
  expect(pageOf('warning')).toBe('/warn/1')
  expect(pageOf('account.opened')).toBe('/iam/accounts?account=1')
  expect(pageOf('waiting')).toBe('/data/sources')
  expect(pageOf('finding.raised')).toBeNull()
  expect(subjectPage(shellRoutes, 'station.changed', '1')).toEqual({ path: '/monitor/hazard/stations/1', needs: 'station.read' })
})
