import { defineStore } from 'pinia'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { url } from '@/api/client'
import { nodeNow, realNow, serverNow, syncClock } from './clock'

/** A fact as the live connection tells it: its header and the summary its slice declares. */
export interface LiveFact {
  seq: number
  kind: string
  subject: string
  region: string
  at: string
  correlation: string
  summary: { title?: string; [more: string]: unknown }
}

/** `[station, sensor, quantity, time in ms, value, quality byte]` */
export type LiveReading = [string, string, string, number, number, number]

/** `stale`: open, but silent for longer than its clock beats. `broken`: no connection. */
export type LiveState = 'off' | 'connecting' | 'live' | 'stale' | 'broken'

/** The server sends `clock` every 10 s; two missed beats and a half make the line stale. */
const STALE_AFTER_MS = 25_000
/** A line that was cut without a word stays open for ever; after so long a silence it is opened anew. */
const REOPEN_AFTER_S = 45
const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000]

type Stop = () => void

function listeners<Event>() {
  const all = new Set<(event: Event) => void>()
  return {
    add(handler: (event: Event) => void): Stop {
      all.add(handler)
      return () => all.delete(handler)
    },
    tell(event: Event): void {
      for (const handler of [...all]) handler(event)
    },
  }
}

/**
 * The one live connection of this page: facts and readings by server-sent events.
 *
 * It reopens by itself and asks for what it missed. Whenever it opens, and when the
 * server says `reset` because it cannot give that any more, every `useLoad` fetches again.
 */
export const useLive = defineStore('live', () => {
  const phase = ref<'off' | 'connecting' | 'open' | 'broken'>('off')
  const seq = ref(0)
  /** When anything was last heard: by this world's clock, and by the node's. */
  const heardAt = ref<number | null>(null)
  const heardReally = ref<number | null>(null)
  const brokenSince = ref<number | null>(null)
  const lastReadings = shallowRef<{ at: number; readings: LiveReading[] } | null>(null)

  const facts = listeners<LiveFact>()
  const readings = listeners<LiveReading[]>()
  const resets = listeners<void>()
  const failures = listeners<number>()

  let source: EventSource | null = null
  let retry: ReturnType<typeof setTimeout> | null = null
  let attempts = 0

  const state = computed<LiveState>(() => {
    if (phase.value !== 'open') return phase.value
    const silence = realNow.value - (heardReally.value ?? realNow.value)
    return silence > STALE_AFTER_MS ? 'stale' : 'live'
  })

  /** Seconds at the node since anything was heard; `null` before the first word. */
  const ageSeconds = computed(() =>
    heardReally.value === null ? null : Math.max(0, Math.round((realNow.value - heardReally.value) / 1000)),
  )

  function hear<Data>(event: MessageEvent<string>): Data {
    heardAt.value = serverNow()
    heardReally.value = nodeNow()
    return JSON.parse(event.data) as Data
  }

  function open(): void {
    close()
    phase.value = phase.value === 'broken' ? 'broken' : 'connecting'
    const stream = new EventSource(url('/live', { after: seq.value || null }))
    source = stream
    stream.addEventListener('hello', (event) => {
      const hello = hear<{ seq: number; now: string }>(event)
      syncClock(hello.now)
      heardAt.value = serverNow()
      if (seq.value === 0) seq.value = hello.seq
      attempts = 0
      brokenSince.value = null
      phase.value = 'open'
      // What views fetched before may lack a fact or a reading that came between; the
      // stream sends the facts again, the readings never.
      resets.tell()
    })
    stream.addEventListener('fact', (event) => {
      const fact = hear<LiveFact>(event)
      if (fact.seq <= seq.value) return
      seq.value = fact.seq
      facts.tell(fact)
    })
    stream.addEventListener('readings', (event) => {
      const batch = hear<{ at: string; readings: LiveReading[] }>(event)
      lastReadings.value = { at: Date.parse(batch.at), readings: batch.readings }
      readings.tell(batch.readings)
    })
    stream.addEventListener('clock', (event) => {
      syncClock(hear<{ now: string }>(event).now)
      heardAt.value = serverNow()
    })
    stream.addEventListener('reset', (event) => {
      seq.value = hear<{ seq: number }>(event).seq
      resets.tell()
    })
    // The browser would retry by itself without telling how it goes, so we do it.
    stream.addEventListener('error', () => {
      if (source === stream) lose()
    })
  }

  function lose(): void {
    source?.close()
    source = null
    if (phase.value !== 'broken') brokenSince.value = nodeNow()
    phase.value = 'broken'
    const wait = RETRY_MS[Math.min(attempts, RETRY_MS.length - 1)]!
    attempts += 1
    failures.tell(attempts)
    retry = setTimeout(open, wait)
  }
  watch(ageSeconds, (age) => {
    if (phase.value === 'open' && age !== null && age > REOPEN_AFTER_S) lose()
  })

  function close(): void {
    if (retry !== null) clearTimeout(retry)
    retry = null
    source?.close()
    source = null
  }

  /** Begins listening; does nothing when it already does. */
  function start(): void {
    if (phase.value === 'off') open()
  }

  /** Ends listening and forgets what was heard, as at sign-out. */
  function stop(): void {
    close()
    phase.value = 'off'
    seq.value = 0
    heardAt.value = null
    heardReally.value = null
    brokenSince.value = null
    lastReadings.value = null
    attempts = 0
  }

  return {
    state,
    seq,
    heardAt,
    ageSeconds,
    brokenSince,
    lastReadings,
    start,
    stop,
    onFact: facts.add,
    onReadings: readings.add,
    onReset: resets.add,
    onFailure: failures.add,
  }
})

/**
 * Calls `handler` for each live fact whose kind is in `kinds`, as long as the component lives.
 * A kind that ends in `.` stands for all of its slice: `warning.` hears `warning.issued`.
 */
export function useFacts(kinds: string[], handler: (fact: LiveFact) => void): void {
  const stop = useLive().onFact((fact) => {
    const wanted = kinds.some((kind) =>
      kind.endsWith('.') ? fact.kind.startsWith(kind) : fact.kind === kind,
    )
    if (wanted) handler(fact)
  })
  onScopeDispose(stop)
}

/** Calls `handler` with each batch of live readings, at most once a second. */
export function useReadings(handler: (readings: LiveReading[]) => void): void {
  onScopeDispose(useLive().onReadings(handler))
}
