// What a node costs and how fast it tells: cold start, memory, sizes, and from a
// reading's arrival to the finding on an open screen. Usage: node bench/node.mjs BINARY
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const binary = process.argv[2]
const row = (what, value) => console.log(`${what.padEnd(58)} ${value}`)
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]

async function until(ask, limit = 30_000) {
  const end = performance.now() + limit
  for (;;) {
    if (await ask().catch(() => false)) return
    if (performance.now() > end) throw new Error('waited too long')
    await sleep(2)
  }
}

async function coldStart(directory, port) {
  const began = performance.now()
  const child = spawn(binary, ['serve'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      FENGSUI_NODE_DIRECTORY: directory,
      FENGSUI_WEB_LISTEN: `127.0.0.1:${port}`,
      FENGSUI_SL651_LISTEN: `127.0.0.1:${port + 1}`,
    },
  })
  await until(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok)
  const ms = performance.now() - began
  return { child, ms }
}

const memory = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024
const stop = (child) => new Promise((resolve) => (child.once('exit', resolve), child.kill('SIGTERM')))

async function size() {
  row('binary', `${(statSync(binary).size / 1e6).toFixed(1)} MB`)
}

async function starting() {
  const directory = mkdtempSync(join(tmpdir(), 'fengsui-bench-'))
  const first = await coldStart(directory, 17_700)
  await sleep(3_000)
  row('first start (makes the database, 1 000 regions) to /readyz', `${first.ms.toFixed(0)} ms`)
  row('idle memory after 3 s', `${memory(first.child.pid).toFixed(0)} MB`)
  await stop(first.child)
  const times = []
  for (let round = 0; round < 5; round += 1) {
    const again = await coldStart(directory, 17_700)
    times.push(again.ms)
    await stop(again.child)
  }
  times.sort((a, b) => a - b)
  row('cold start to /readyz, median of 5', `${quantile(times, 0.5).toFixed(0)} ms`)
  rmSync(directory, { recursive: true })
}

/** From the arrival of the reading that crosses a line to the finding on a screen. */
async function telling() {
  const child = spawn(binary, ['demo', '--port', '17710', '--sl651-port', '17711', '--hands-off', '--silent'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await new Promise((resolve) => child.stdout.on('data', (bytes) => String(bytes).includes('Ctrl-C') && resolve()))
  const base = 'http://127.0.0.1:17710'
  const signed = await fetch(`${base}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: 'hanlichun', password: 'Fengsui-Demo-2026' }),
  })
  const cookie = signed.headers.get('set-cookie').split(';')[0]
  const ask = async (path) => (await fetch(base + path, { headers: { cookie } })).json()

  const arrived = new Map()
  const stream = await fetch(`${base}/api/live`, { headers: { cookie } })
  const reader = stream.body.getReader()
  void (async () => {
    let text = ''
    const decoder = new TextDecoder()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const now = Date.now()
      text += decoder.decode(value, { stream: true })
      const events = text.split('\n\n')
      text = events.pop()
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1]
        if (!data || !event.includes('event: fact')) continue
        const fact = JSON.parse(data)
        if (fact.kind === 'finding.raised') arrived.set(fact.subject, now)
      }
    }
  })().catch(() => {})

  const stations = []
  for (let cursor = ''; cursor !== null; ) {
    const page = await ask(`/api/stations?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
    stations.push(...page.items.map((station) => station.code))
    cursor = page.next
  }
  // One minute a second by the devices' clocks: every station crosses its line once.
  const rounds = 4
  for (let round = 0; round < rounds; round += 1) {
    const start = new Date(Date.now() - (40 - round * 10) * 60_000).toISOString()
    const low = round % 2 === 1
    const args = ['simulate', 'sl651', '--to', '127.0.0.1:17711', '--start', start, '--speed', '60', '--period', '60',
      '--reports', '3', '--lead', '0', '--rise', '2', '--base', low ? '0' : '1000', '--crest', low ? '1' : '2000']
    for (const code of stations) args.push('--station', code)
    // Not the waiting kind: this process has to hear the screen meanwhile.
    await new Promise((resolve) => spawn(binary, args, { stdio: 'ignore' }).once('exit', resolve))
  }
  await sleep(1_000)
  const findings = []
  for (let cursor = ''; cursor !== null; ) {
    const page = await ask(`/api/findings?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
    findings.push(...page.items)
    cursor = page.next
  }
  const spans = findings
    .filter((finding) => arrived.has(finding.id))
    .map((finding) => arrived.get(finding.id) - Date.parse(finding.values.at(-1).received))
    .sort((a, b) => a - b)
  row(`reading received → finding on an open screen, ${spans.length} of them`,
    `p50 ${quantile(spans, 0.5)} ms, p99 ${quantile(spans, 0.99)} ms, max ${spans.at(-1)} ms`)
  row('memory of the demonstration then', `${memory(child.pid).toFixed(0)} MB`)
  await reader.cancel()
  await stop(child)
}

await size()
await starting()
await telling()
process.exit(0)
