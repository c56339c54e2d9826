import { ref, type Ref } from 'vue'

// A server's clock, carried forward by the monotonic clock of this page: a desk
// whose own clock is wrong, or is set while we run, shows the right time.
interface Hands {
  server: number
  monotonic: number
  /** How much faster than the page it runs: 0 stands, 60 is an hour a minute. */
  rate: number
}

const startsAt = (): Hands => ({ server: Date.now(), monotonic: performance.now(), rate: 1 })
const read = ({ server, monotonic, rate }: Hands): number => server + rate * (performance.now() - monotonic)

/** The world's clock: a drill's may stand, jump and run faster. */
let world = startsAt()
/** The node's own: sockets and sessions, and what the top bar shows. */
let node = startsAt()
const known = ref(false)

const parse = (moment: string | number): number => (typeof moment === 'number' ? moment : Date.parse(moment))

/** Tells the world's clock its time, RFC 3339 text or ms, and its pace when that is known. */
export function syncClock(moment: string | number, rate: number = world.rate): void {
  const server = parse(moment)
  if (!Number.isFinite(server)) return
  world = { server, monotonic: performance.now(), rate }
  known.value = true
  second.value = Math.floor(server / 1000) * 1000
}

/** Tells the node's clock its time. */
export function syncNodeClock(moment: string | number): void {
  const server = parse(moment)
  if (Number.isFinite(server)) node = { server, monotonic: performance.now(), rate: 1 }
}

/** Milliseconds since 1970 in this world, now. */
export const serverNow = (): number => read(world)

/** Milliseconds since 1970 at the node, now, whatever the world's clock does. */
export const nodeNow = (): number => read(node)

/** Whether this world's time is known at all. */
export const clockKnown: Readonly<Ref<boolean>> = known

const second = ref(0)
const nodeSecond = ref(0)

function tick(): void {
  second.value = Math.floor(serverNow() / 1000) * 1000
  nodeSecond.value = Math.floor(nodeNow() / 1000) * 1000
  // On the second of the world while it runs in step, else on the node's.
  const own = world.rate === 1 ? serverNow() : nodeNow()
  setTimeout(tick, 1000 - (own % 1000) + 5)
}
tick()

/** The world's time in ms, changing once each second of this page and only then. */
export const now: Readonly<Ref<number>> = second

/** The node's time in ms, likewise. */
export const realNow: Readonly<Ref<number>> = nodeSecond
