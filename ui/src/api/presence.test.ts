import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { api } from './client'
import { watchPresence } from './presence'

const MINUTE = 60_000
const page = new EventTarget()
let asked: Headers[] = []

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
  vi.stubGlobal('fetch', async (_address: string, init: RequestInit) => {
    asked.push(new Headers(init.headers))
    return new Response('{}')
  })
  asked = []
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

async function byItself(): Promise<boolean> {
  await api.get('/stations')
  await api.real('/disk')
  const marks = asked.splice(0).map((headers) => headers.get('X-Fengsui-Background'))
  expect(marks[0]).toBe(marks[1])
  return marks[0] === '1'
}

test('a page that nobody touches says that it asks by itself, until somebody does', async () => {
  watchPresence(page)
  for (const act of ['keydown', 'pointerdown']) {
    page.dispatchEvent(new Event(act))
    expect(await byItself()).toBe(false)
    vi.advanceTimersByTime(MINUTE - 1)
    expect(await byItself()).toBe(false)
    vi.advanceTimersByTime(1)
    expect(await byItself()).toBe(true)
    page.dispatchEvent(new Event('message'))
    expect(await byItself()).toBe(true)
  }
})

test('what is written is always somebody\'s', async () => {
  watchPresence(page)
  vi.advanceTimersByTime(MINUTE * 10)
  expect(await byItself()).toBe(true)
  await api.post('/stations', {})
  expect(asked[0]!.has('X-Fengsui-Background')).toBe(false)
})
