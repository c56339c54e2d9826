import { expect, test } from 'vitest'
import en from '../text/en'
import zhCN from '../text/zh-CN'
import { warning } from '../warning/fixture'
import type { Finding } from '@/assess/finding/api'
import type { Fact } from './api'
import { chain, neighbour, precise, type Chain, type Phrase } from './model'

const TODAY = Date.parse('2026-08-02T19:14:26Z')

const finding: Finding = {
  id: 'f',
  late: false,
  shelved: false,
  rule: { id: 'r', version: 7, name: '水位超保证', measure: { kind: 'value' }, threshold: 264, hysteresis: 0.05, times: 2, delay_s: 0, comparison: 'at_or_above', line_word: '保证' },
  sensor: 'z',
  station: 's',
  station_name: '青石湾站',
  region: '220282',
  point: null,
  quantity: 'water_level',
  unit: 'm',
  hazard: 'flood',
  level: 'orange',
  state: 'active',
  onset: '2026-08-02T19:00:00Z',
  raised_at: '2026-08-02T19:05:02.412Z',
  latency_ms: 19,
  values: [
    { time: '2026-08-02T19:00:00Z', value: 264, received: '2026-08-02T19:00:04Z', frame: null, over: null },
    { time: '2026-08-02T19:05:00Z', value: 264.03, received: '2026-08-02T19:05:02Z', frame: 'a3f108c2ff', over: null },
  ],
  peak: { time: '2026-08-02T19:10:00Z', value: 264.06 },
  cleared_at: null,
  cleared_because: null,
  correlation: 'f',
  shaken: null,
}

let seq = 0
const fact = (kind: string, subject: string, over: Partial<Fact> = {}): Fact => ({
  seq: (seq += 1),
  id: `${kind}-${subject}`,
  kind,
  version: 1,
  subject,
  region: '220282',
  org: null,
  class: 'internal',
  origin: 'n',
  actor: { person: 'p', name: '孙亦文', post: null, org: null, on_behalf: null },
  via: 'web',
  basis: null,
  cause: null,
  correlation: 'f',
  occurred: '2026-08-02T19:05:02.431Z',
  at: '2026-08-02T19:05:02.431Z',
  recorded: '2026-08-02T19:05:02.431Z',
  summary: { title: kind },
  silent: null,
  hash_sm3: 'ab'.repeat(32),
  conflict: null, unapplied: null,
  ...over,
})

const box = (made: Chain, key: string) => made.boxes.find((each) => each.key === key)

/** Every sentence must be in both catalogues: keys are built here, where no other test sees them. */
function said(made: Chain): void {
  const has = (tree: unknown, key: string): boolean =>
    key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], tree) !== undefined
  const phrases: Phrase[] = made.boxes.flatMap((each) => [each.title, ...each.lines])
  for (const { key } of phrases) {
    expect(has(zhCN.chain, key), key).toBe(true)
    expect(has(en.chain, key), key).toBe(true)
  }
}

test('readings, finding, warning and the waiting review stand in one path', () => {
  const facts = [fact('finding.raised', 'f'), fact('warning.proposed', 'w'), fact('notice.sent', 'n')]
  const made = chain(warning({ allowed: ['review', 'return', 'edit'] }), finding, facts, TODAY)
  expect(made.boxes.map((each) => [each.key, each.tone])).toEqual([
    ['reading-0', 'plain'],
    ['reading-1', 'fired'],
    ['finding', 'fired'],
    ['warning', 'fired'],
    ['review', 'waiting'],
    ['issue', 'future'],
    ['notice-n', 'plain'],
    ['response', 'future'],
  ])
  expect(box(made, 'review')?.acts).toEqual(['review', 'return', 'edit'])
  expect(box(made, 'reading-1')?.to).toContain('/monitor/hazard/stations/s?sensor=z&at=')
  expect(box(made, 'warning')?.lines[0]).toEqual({ key: 'warning.proposedAfter', with: { time: '03:05:02.431', after: 19 } })
  expect(made.edges).toContainEqual(['finding', 'notice-n', true])
  expect(made.edges).toContainEqual(['review', 'issue', false])
  said(made)
})

test('what the caller may not do has no button', () => {
  const made = chain(warning({ allowed: [] }), finding, [], TODAY)
  expect(box(made, 'review')?.acts).toEqual([])
})

test('an urgent issue carries its late review in red with the time it is due', () => {
  const urgent = { reason: '夜间一人', review_due: '2026-08-02T19:35:00Z', missed: false, reviewed_at: null, reviewed_by: null, comment: null }
  const issuer = { person: 'p', name: '周牧', at: '2026-08-02T19:06:00Z' }
  const made = chain(warning({ state: 'issued', urgent, issuer, allowed: ['review_after'] }), finding, [], TODAY)
  expect(box(made, 'after')).toMatchObject({ tone: 'red', due: urgent.review_due, acts: ['review_after'] })
  expect(box(made, 'review')).toBeUndefined()
  said(made)
  const later = chain(warning({ state: 'issued', urgent: { ...urgent, reviewed_at: '2026-08-02T19:20:00Z', reviewed_by: '李' }, issuer }), finding, [], TODAY)
  expect(box(later, 'after')).toMatchObject({ tone: 'plain', acts: [] })
  said(later)
})

test('incident and tasks hang on the issue, each with its own page', () => {
  const facts = [
    fact('incident.opened', 'i'),
    fact('task.assigned', 't1'),
    fact('task.assigned', 't2'),
    fact('task.finished', 't1', { at: '2026-08-02T19:12:00Z' }),
  ]
  const issuer = { person: 'p', name: '周牧', at: '2026-08-02T19:09:15Z' }
  const made = chain(warning({ state: 'issued', issuer, number: 'Y-1' }), finding, facts, TODAY)
  expect(box(made, 'incident-i')?.to).toBe('/command/incidents/i')
  expect(box(made, 'task-t1')?.lines).toEqual([{ key: 'task.finished', with: { time: '03:12:00' } }])
  expect(made.edges).toContainEqual(['issue', 'incident-i', true])
  expect(made.edges).toContainEqual(['incident-i', 'task-t2', true])
  said(made)
})

test('a warning drafted by hand starts with its author', () => {
  const author = { person: 'p', name: '韩立春', at: '2026-08-02T19:00:00Z' }
  const made = chain(warning({ finding: null, author }), null, [], TODAY)
  expect(made.boxes[0]).toMatchObject({ key: 'by-hand', column: 'reading' })
  said(made)
})

test('the closed states say who and why', () => {
  const by = { person: 'p', name: '周牧', at: '2026-08-02T19:12:00Z' }
  for (const made of [
    chain(warning({ state: 'returned', allowed: ['edit'], returned: { ...by, reason: '范围不明' } }), finding, [], TODAY),
    chain(warning({ state: 'discarded', discarded: { ...by, reason: '重复' } }), finding, [], TODAY),
    chain(warning({ state: 'lifted', issuer: by, lifted: { ...by, reason: '雨停' } }), finding, [], TODAY),
    chain(warning({ state: 'issued', issuer: by, danger_passed_at: by.at }), finding, [fact('warning.edited', 'w')], TODAY),
    chain(warning({ state: 'expired', issuer: by, closed_at: by.at }), finding, [fact('notice.sent', 'n'), fact('notice.overdue', 'n')], TODAY),
  ]) {
    expect(made.boxes.length).toBeGreaterThan(4)
    said(made)
  }
})

test('a warning that gave its place leads to the one that took it', () => {
  const made = chain(warning({ state: 'superseded', superseded_by: 'w2', closed_at: '2026-08-02T19:12:00Z' }), finding, [], TODAY)
  expect(box(made, 'closed')).toMatchObject({ title: { key: 'approval.superseded' }, to: '/warn/w2' })
  said(made)
})

test('a warning that takes the place of another leads back to it', () => {
  const made = chain(warning({ supersedes: 'w0' }), finding, [], TODAY)
  expect(box(made, 'before')).toMatchObject({ column: 'warning', to: '/warn/w0' })
  said(made)
})

test('whoever may open an incident is offered it until there is one', () => {
  expect(box(chain(warning(), finding, [], TODAY, true), 'response')?.acts).toEqual(['open_incident'])
  expect(box(chain(warning(), finding, [fact('incident.opened', 'i')], TODAY, true), 'response')).toBeUndefined()
})

test('arrows walk the columns and stop at the ends', () => {
  const { boxes } = chain(warning(), finding, [], TODAY)
  expect(neighbour(boxes, 'reading-0', 'right')).toBe('finding')
  expect(neighbour(boxes, 'reading-0', 'down')).toBe('reading-1')
  expect(neighbour(boxes, 'reading-0', 'left')).toBe('reading-0')
  // Delivery is empty here, so the next column with a box is taken.
  expect(neighbour(boxes, 'issue', 'right')).toBe('response')
  expect(neighbour(boxes, null, 'right')).toBe('reading-0')
})

test('a moment is told to the millisecond', () => {
  expect(precise('2026-08-02T19:05:02.412Z')).toBe('03:05:02.412')
})
