import { ref, type Ref } from 'vue'

// The server's clock, carried forward by the monotonic clock of this page: a
// desk whose own clock is wrong, or is set while we run, shows the right time.
let base = { server: Date.now(), monotonic: performance.now() }
const known = ref(false)

/** Tells the clock what time it is at the server: RFC 3339 text or ms. */
export function syncClock(now: string | number): void {
  const server = typeof now === 'number' ? now : Date.parse(now)
  if (!Number.isFinite(server)) return
  base = { server, monotonic: performance.now() }
  known.value = true
}

/** Milliseconds since 1970 at the server, now. */
export function serverNow(): number {
  return base.server + (performance.now() - base.monotonic)
}

/** Whether the server has told us its time at all. */
export const clockKnown: Readonly<Ref<boolean>> = known

const second = ref(Math.floor(serverNow() / 1000) * 1000)

function tick(): void {
  const now = serverNow()
  second.value = Math.floor(now / 1000) * 1000
  setTimeout(tick, 1000 - (now % 1000) + 5)
}
tick()

/** The server's time in ms, changing once each second and only then. */
export const now: Readonly<Ref<number>> = second
