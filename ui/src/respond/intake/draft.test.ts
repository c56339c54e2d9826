import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ApiError } from '@/api/error'
import type { Form, Intake } from './api'
import { EMPTY, formOf, makeDraft, QUIET_MS, RETRY_MS, same, sendKept, type Door, type Keeper, type Kept, type Status } from './draft'
import { uuid7 } from './id'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const what = (text: string): Form => ({ ...EMPTY, what: text })
const offline = () => new ApiError(0, 'unreachable', {})

/** A node that keeps forms, a line that may be cut, and the browser's store. */
function desk() {
  const node = new Map<string, { form: Form; revision: number }>()
  const kept = new Map<string, Kept>()
  const line = { cut: false, loseAnswer: false, refuse: null as ApiError | null, colleague: false }
  const sent: string[] = []
  const statuses: Status[] = []
  const door: Door = {
    async save(id, form, revision) {
      if (line.cut) throw offline()
      if (line.refuse) throw line.refuse
      const before = node.get(id)
      if (before && revision === null && line.colleague) throw new ApiError(422, 'bad-request', { field: 'revision' })
      if (before && revision !== null && revision !== before.revision) throw new ApiError(409, 'stale-revision', {})
      const next = { form: { ...form, what: form.what.trim() }, revision: (before?.revision ?? 0) + 1 }
      node.set(id, next)
      sent.push(form.what)
      if (line.loseAnswer) throw offline()
      return { saved_at: '2026-08-02T19:00:00Z', revision: next.revision }
    },
    async load(id) {
      if (line.cut) throw offline()
      const { form, revision } = node.get(id)!
      return { ...form, id, revision, saved_at: '2026-08-02T19:00:00Z' } as Intake
    },
  }
  const keeper: Keeper = {
    read: (id) => kept.get(id) ?? null,
    write: (id, each) => void kept.set(id, structuredClone(each)),
    remove: (id) => void kept.delete(id),
    ids: () => [...kept.keys()],
  }
  const draft = makeDraft('a', { form: EMPTY, revision: null }, door, keeper, (status) => statuses.push(status))
  return { node, kept, line, sent, statuses, door, keeper, draft, last: () => statuses.at(-1)! }
}

test('keys in one breath become one request, and the browser keeps them until it is answered', async () => {
  const { draft, sent, kept, last } = desk()
  draft.change(what('气'))
  draft.change(what('气味'))
  expect(kept.get('a')?.form.what).toBe('气味')
  await vi.advanceTimersByTimeAsync(QUIET_MS - 1)
  expect(sent).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(sent).toEqual(['气味'])
  expect(kept.size).toBe(0)
  expect(last()).toMatchObject({ state: 'saved', savedAt: '2026-08-02T19:00:00Z' })
})

test('a dropped line loses nothing and sends by itself when it is back', async () => {
  const { draft, line, sent, kept, last } = desk()
  line.cut = true
  draft.change(what('罐区'))
  await vi.advanceTimersByTimeAsync(QUIET_MS)
  expect(last().state).toBe('offline')
  draft.change(what('罐区泄漏'))
  expect(last().state).toBe('offline')
  expect(kept.get('a')?.form.what).toBe('罐区泄漏')
  line.cut = false
  await vi.advanceTimersByTimeAsync(RETRY_MS)
  expect(sent).toEqual(['罐区泄漏'])
  expect(kept.size).toBe(0)
  expect(last().state).toBe('saved')
})

test('an answer that got lost is no conflict', async () => {
  const { draft, line, last, node } = desk()
  draft.change(what('一'))
  await vi.advanceTimersByTimeAsync(QUIET_MS)
  line.loseAnswer = true
  draft.change(what('一二 '))
  await vi.advanceTimersByTimeAsync(QUIET_MS)
  expect(last().state).toBe('offline')
  line.loseAnswer = false
  await vi.advanceTimersByTimeAsync(RETRY_MS)
  expect(last()).toMatchObject({ state: 'saved', error: null })
  draft.change(what('一二三'))
  await vi.advanceTimersByTimeAsync(QUIET_MS)
  expect(node.get('a')?.form.what).toBe('一二三')
})

test('what another changed meanwhile is not overwritten until the person insists', async () => {
  const { draft, node, kept, last } = desk()
  draft.change(what('一'))
  await vi.advanceTimersByTimeAsync(QUIET_MS)
  node.set('a', { form: what('他人'), revision: 9 })
  draft.change(what('一二'))
  await vi.advanceTimersByTimeAsync(QUIET_MS)
  expect(last()).toMatchObject({ state: 'refused' })
  expect(last().error?.code).toBe('stale-revision')
  expect(kept.get('a')?.form.what).toBe('一二')
  await vi.advanceTimersByTimeAsync(10 * RETRY_MS)
  expect(node.get('a')?.form.what).toBe('他人')
  expect(await draft.insist()).toBe(true)
  expect(node.get('a')?.form.what).toBe('一二')
})

test('whoever insists on a call of a colleague sends the revision that they overwrite', async () => {
  const { draft, node, line, last } = desk()
  line.colleague = true
  draft.change(what('一'))
  await vi.advanceTimersByTimeAsync(QUIET_MS)
  node.set('a', { form: what('他人'), revision: 9 })
  draft.change(what('一二'))
  await vi.advanceTimersByTimeAsync(QUIET_MS)
  line.cut = true
  expect(await draft.insist()).toBe(false)
  expect(last()).toMatchObject({ state: 'refused' })
  line.cut = false
  expect(await draft.insist()).toBe(true)
  expect(node.get('a')).toMatchObject({ form: { what: '一二' }, revision: 10 })
})

test('what the node refuses is not sent again and again', async () => {
  const { draft, line, last } = desk()
  line.refuse = new ApiError(422, 'bad-request', { field: 'what' })
  draft.change(what('x'))
  await vi.advanceTimersByTimeAsync(QUIET_MS + 10 * RETRY_MS)
  expect(last()).toMatchObject({ state: 'refused' })
  expect(vi.getTimerCount()).toBe(0)
})

test('flush waits for all that was typed', async () => {
  const { draft, sent } = desk()
  draft.change(what('一'))
  const first = draft.flush()
  draft.change(what('一二'))
  expect(await first).toBe(true)
  expect(await draft.flush()).toBe(true)
  expect(sent.at(-1)).toBe('一二')
})

test('forms of earlier pages are sent later, and those that fail stay', async () => {
  const { keeper, door, line, node, kept } = desk()
  keeper.write('b', { form: what('昨夜'), revision: null })
  line.cut = true
  expect(await sendKept(keeper, door)).toEqual(['b'])
  expect(kept.has('b')).toBe(true)
  line.cut = false
  expect(await sendKept(keeper, door)).toEqual([])
  expect(node.get('b')?.form.what).toBe('昨夜')
  expect(kept.has('b')).toBe(false)
})

test('only the form goes back, and trimmed texts are the same', () => {
  const there = { ...what('a'), id: 'x', revision: 3, owner: { person: 'p', name: 'n' } } as unknown as Form
  expect(Object.keys(formOf(there))).toEqual(Object.keys(EMPTY))
  expect(same(what(' a '), what('a'))).toBe(true)
  expect(same({ ...what('a'), dead: 0 }, what('a'))).toBe(false)
})

test('a call that begins later has a later id', () => {
  const early = uuid7(Date.parse('2026-08-02T19:00:00Z'))
  expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(uuid7(Date.parse('2026-08-02T19:00:01Z')) > early).toBe(true)
  expect(Number.parseInt(early.replace(/-/g, '').slice(0, 12), 16)).toBe(Date.parse('2026-08-02T19:00:00Z'))
})
