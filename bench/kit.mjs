// What the parts of the bench share: a node to measure, a way to speak to it, and rows.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import http from 'node:http'

/** The first port of the bench; each part takes two of its own. */
export const PORT = Number(process.env.BENCH_PORT ?? 17_700)

export const row = (what, value) => console.log(`${what.padEnd(62)} ${value}`)
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
export const load = () => readFileSync('/proc/loadavg', 'utf8').split(' ')[0]
export const memory = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024
/** Milliseconds on a clock that all threads and processes of this machine share. */
export const now = () => Number(process.hrtime.bigint()) / 1e6
export const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]

/** `p50 1.2 ms, p99 3.4 ms, max 5.6 ms` of some spans in milliseconds. */
export function spread(spans) {
  if (!spans.length) return 'none arrived'
  const sorted = [...spans].sort((a, b) => a - b)
  const at = (share) => quantile(sorted, share).toFixed(1)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${sorted.at(-1).toFixed(1)} ms`
}

export async function until(ask, limit = 30_000) {
  const end = performance.now() + limit
  for (;;) {
    if (await ask().catch(() => false)) return
    if (performance.now() > end) throw new Error('waited too long')
    await sleep(2)
  }
}

/** Tells a process to stop, and waits until it has; one that does not within 20 s is ended. */
export const stop = (child) =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    const end = setTimeout(() => child.kill('SIGKILL'), 20_000)
    child.once('exit', () => {
      clearTimeout(end)
      resolve()
    })
    child.kill('SIGTERM')
  })

/** A demonstration without its river and its colleagues, signed in as the duty officer. */
export async function demonstration(binary, port) {
  const child = spawn(binary, ['demo', '--port', `${port}`, '--sl651-port', `${port + 1}`, '--hands-off', '--silent'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (bytes) => String(bytes).includes('Ctrl-C') && resolve())
    child.once('exit', () => reject(new Error('the demonstration ended')))
  })
  const base = `http://127.0.0.1:${port}`
  const signed = await fetch(`${base}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: 'hanlichun', password: 'Fengsui-Demo-2026' }),
  })
  const cookie = signed.headers.get('set-cookie').split(';')[0]
  const ask = async (path) => (await fetch(base + path, { headers: { cookie } })).json()
  const stations = []
  for (let cursor = ''; cursor !== null; ) {
    const page = await ask(`/api/stations?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
    stations.push(...page.items)
    cursor = page.next
  }
  return { child, port, cookie, ask, stations }
}

/** Opens a live screen and calls `fact` with each fact and when it came. */
export function screen({ port, cookie }, fact) {
  const request = http.get({ port, path: '/api/live', headers: { cookie }, agent: false }, (answer) => {
    let text = ''
    answer.setEncoding('utf8')
    answer.on('data', (piece) => {
      const came = now()
      text += piece
      const events = text.split('\n\n')
      text = events.pop()
      for (const event of events) {
        const data = event.includes('event: fact') && /^data: (.*)$/m.exec(event)?.[1]
        if (data) fact(JSON.parse(data), came)
      }
    })
    answer.on('error', () => {})
  })
  request.on('error', () => {})
  return request
}

/**
 * Frames of SL 651 that say a water level, one for each `{ station, minute, level }`;
 * `minute` is since 1970.
 */
export function frames(binary, reports) {
  const beijing = (minute) => new Date((minute + 480) * 60_000).toISOString().replace(/\.\d+Z$/, '+08:00')
  const document = ({ station, minute, level }, index) => ({
    protocol: 'sl651', coding: 'hex', direction: 'up', centre: 1, station: station.code, password: '0000',
    function: '32', end: 'ETX',
    body: {
      serial: (index % 65_535) + 1,
      sent: beijing(minute),
      report: [{
        station: station.code,
        class: 'H',
        blocks: [{ observed: beijing(minute), elements: [{ id: 'Z', definition: '23', value: level }] }],
      }],
    },
  })
  const input = reports.map((report, index) => JSON.stringify(document(report, index))).join('\n')
  const { stdout, stderr, status } = spawnSync(binary, ['encode', 'sl651'], { input, maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`encode: ${stderr}`)
  return String(stdout).trim().split('\n')
}
