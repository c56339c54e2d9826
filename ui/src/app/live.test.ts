import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useLive, type LiveFact } from './live'

/** A stream that the test speaks for. */
class Stream {
  static all: Stream[] = []
  private handlers = new Map<string, (event: { data: string }) => void>()
  closed = false

  constructor(readonly address: string) {
    Stream.all.push(this)
  }
  addEventListener(name: string, handler: (event: { data: string }) => void): void {
    this.handlers.set(name, handler)
  }
  close(): void {
    this.closed = true
  }
  say(name: string, data: unknown): void {
    this.handlers.get(name)?.({ data: JSON.stringify(data) })
  }
}

const last = (): Stream => Stream.all[Stream.all.length - 1]!
const hello = (seq: number) => ({ seq, now: new Date().toISOString(), world: 'real' })
const fact = (seq: number): LiveFact => ({
  seq,
  kind: 'warning.issued',
  subject: 's',
  region: '220282',
  at: '',
  correlation: 'c',
  summary: {},
})

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  vi.stubGlobal('EventSource', Stream)
  Stream.all = []
  setActivePinia(createPinia())
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('starting twice opens one connection', () => {
  const live = useLive()
  live.start()
  live.start()
  expect(Stream.all.map((stream) => stream.address)).toEqual(['/api/live'])
  expect(live.state).toBe('connecting')
  last().say('hello', hello(7))
  expect(live.state).toBe('live')
})

test('a broken line is said, and resumes after the last fact that was heard', () => {
  const live = useLive()
  const heard: number[] = []
  live.onFact((each) => heard.push(each.seq))
  live.start()
  last().say('hello', hello(7))
  last().say('fact', fact(8))
  last().say('error', null)
  expect(live.state).toBe('broken')
  expect(last().closed).toBe(true)
  vi.advanceTimersByTime(1000)
  expect(last().address).toBe('/api/live?after=8')
  // The server's head is 10 now, but 9 and 10 have not been heard yet.
  last().say('hello', hello(10))
  last().say('fact', fact(8))
  last().say('fact', fact(9))
  last().say('fact', fact(10))
  expect(heard).toEqual([8, 9, 10])
  expect(live.seq).toBe(10)
  expect(live.state).toBe('live')
})

test('retries slow down, and a good connection makes them quick again', () => {
  const live = useLive()
  live.start()
  for (const [wait, count] of [[1000, 2], [2000, 3], [4000, 4]] as const) {
    last().say('error', null)
    vi.advanceTimersByTime(wait - 1)
    expect(Stream.all.length).toBe(count - 1)
    vi.advanceTimersByTime(1)
    expect(Stream.all.length).toBe(count)
  }
  last().say('hello', hello(1))
  last().say('error', null)
  vi.advanceTimersByTime(1000)
  expect(Stream.all.length).toBe(5)
})

test('what was fetched before the line spoke is fetched again, each time it opens', () => {
  const live = useLive()
  const reset = vi.fn()
  live.onReset(reset)
  live.start()
  expect(reset).not.toHaveBeenCalled()
  last().say('hello', hello(7))
  expect(reset).toHaveBeenCalledTimes(1)
  last().say('clock', { now: new Date().toISOString() })
  expect(reset).toHaveBeenCalledTimes(1)
  last().say('error', null)
  vi.advanceTimersByTime(1000)
  last().say('hello', hello(7))
  expect(reset).toHaveBeenCalledTimes(2)
})

test('a reset tells every view to fetch again and moves on', () => {
  const live = useLive()
  live.start()
  last().say('hello', hello(7))
  const reset = vi.fn()
  live.onReset(reset)
  last().say('reset', { seq: 900 })
  expect(reset).toHaveBeenCalledOnce()
  expect(live.seq).toBe(900)
})

test('signing out ends it and forgets where it was', () => {
  const live = useLive()
  live.start()
  last().say('hello', hello(7))
  live.stop()
  expect(last().closed).toBe(true)
  expect(live.state).toBe('off')
  live.start()
  expect(last().address).toBe('/api/live')
})
