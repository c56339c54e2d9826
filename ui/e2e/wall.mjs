// The wall for a long night: an accelerated life against a running demonstration.
//
//   FENGSUI=path node e2e/wall.mjs        # pages of the binary
//   DIST=1 FENGSUI=path node e2e/wall.mjs # pages of ui/dist (or of the folder that DIST names), built before
//
// Thousands of live events go through the page's own connection, the node is stopped and
// started again, the graphics context is lost; then the heap after garbage collection and
// the nodes of the page are held against what they were early. Writes e2e/out/wall.json.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BINARY, OUT, mapIsDrawn, openBrowser, person } from './driver.mjs'

/** Events of each round, and how many rounds lie between the early and the late measure. */
const EVENTS = Number(process.env.EVENTS ?? 3_000)
const ROUNDS = Number(process.env.ROUNDS ?? 4)
/** What the late heap may have more than the early one: caches of the engine, not a growth. */
const MOST_HEAP = 1.15
const MOST_NODES = 60

const free = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

async function startNode(directory, port) {
  const child = spawn(BINARY, ['demo', '--directory', directory, '--port', String(port), '--sl651-port', '0', '--history', '1'], {
    env: { ...process.env, FENGSUI_DISK_COUNTED_GIB: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve, reject) => {
    let text = ''
    const late = setTimeout(() => reject(new Error(`the node did not open: ${text}`)), 300_000)
    child.once('exit', (code) => reject(new Error(`the node ended with ${code}: ${text}`)))
    child.stdout.on('data', (bytes) => {
      text += bytes
      if (text.includes('Ctrl-C')) {
        clearTimeout(late)
        resolve()
      }
    })
  })
  return async () => {
    child.removeAllListeners('exit')
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await gone
  }
}

/** Keeps the page's live connection at hand, so that more can come through it than the node sends. */
function holdConnection() {
  const Real = window.EventSource
  window.EventSource = class extends Real {
    constructor(...args) {
      super(...args)
      window.__stream = this
      window.__opened = (window.__opened ?? 0) + 1
    }
  }
}

/** `count` live events as the node would send them: readings of its stations, and facts that make every panel ask again. */
async function live(page, count) {
  await page.evaluate(async (count) => {
    window.__sensors ??= (await (await fetch('/api/stations?limit=200')).json()).items.flatMap((station) => station.sensors.map((sensor) => [station.id, sensor.id, sensor.quantity]))
    const sensors = window.__sensors
    const kinds = ['finding.raised', 'warning.issued', 'incident.noted', 'task.accepted', 'station.edited', 'duty.claimed']
    for (let n = 0; n < count; n += 1) {
      const send = (type, data) => window.__stream.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }))
      if (n % 3 === 0) {
        // Beyond any sequence number of the node, so that it is taken; each once.
        window.__seq = (window.__seq ?? 1e9) + 1
        send('fact', { seq: window.__seq, kind: kinds[(n / 3) % kinds.length], subject: crypto.randomUUID(), region: '220000', at: new Date().toISOString(), correlation: crypto.randomUUID(), summary: {} })
      } else {
        const at = Date.now() - 1_000
        send('readings', { at: new Date(at).toISOString(), readings: sensors.map(([station, sensor, quantity]) => [station, sensor, quantity, at, 100 + Math.random(), 0]) })
      }
      if (n % 25 === 24) await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }, count)
}

async function measure(page, client) {
  // What was begun may end first.
  await page.waitForTimeout(4_000)
  for (let n = 0; n < 3; n += 1) await client.send('HeapProfiler.collectGarbage')
  const { usedSize } = await client.send('Runtime.getHeapUsage')
  const counters = await client.send('Memory.getDOMCounters')
  const elements = await page.evaluate(() => document.querySelectorAll('*').length)
  return { heapMiB: Number((usedSize / 2 ** 20).toFixed(2)), nodes: counters.nodes, listeners: counters.jsEventListeners, elements }
}

const directory = mkdtempSync(join(tmpdir(), 'fengsui-wall-'))
const port = await free()
let stop = await startNode(directory, port)
let web = `http://127.0.0.1:${port}`
let preview = null
if (process.env.DIST) {
  const vite = await import('vite')
  preview = await vite.preview({ root: new URL('..', import.meta.url).pathname, build: { outDir: process.env.DIST === '1' ? 'dist' : process.env.DIST }, logLevel: 'error', preview: { host: '127.0.0.1', port: await free(), proxy: { '/api': { target: web, changeOrigin: false } } } })
  web = preview.resolvedUrls.local[0].replace(/\/$/, '')
}
const browser = await openBrowser()
const report = { events: EVENTS, rounds: ROUNDS, steps: [] }
try {
  const wall = await person(browser, { web }, 'hanlichun', { width: Number(process.env.WIDTH ?? 3840), height: 1080 })
  const { page } = wall
  await page.addInitScript(holdConnection)
  await wall.go('/wall')
  await mapIsDrawn(page)
  await page.locator('.head time').waitFor()
  const client = await page.context().newCDPSession(page)
  const note = async (step) => {
    const figures = await measure(page, client)
    report.steps.push({ step, ...figures })
    console.log(step, JSON.stringify(figures))
    return figures
  }
  await note('opened')
  await live(page, EVENTS)
  const early = await note('early: after the first round')
  for (let round = 1; round <= ROUNDS; round += 1) {
    await live(page, EVENTS)
    await note(`after round ${round + 1}`)
  }

  console.log('the node stops')
  await stop()
  await page.locator('.panel header.stale-stripes').first().waitFor()
  const before = await page.locator('.head time').textContent()
  await page.waitForTimeout(3_000)
  if ((await page.locator('.head time').textContent()) === before) throw new Error('the clock stands while the line is down')
  await page.screenshot({ path: `${OUT}/wall-down.png` })
  const opened = await page.evaluate(() => window.__opened)
  stop = await startNode(directory, port)
  await page.locator('.head .state.live').waitFor()
  await page.waitForFunction(() => document.querySelectorAll('.panel header.stale-stripes').length === 0, null, { timeout: 120_000 })
  if ((await page.evaluate(() => window.__opened)) <= opened) throw new Error('the live connection was not opened again')
  await note('after a restart of the node')

  console.log('the graphics context is lost')
  await page.evaluate(() => {
    window.__restored = 0
    window.__map.on('webglcontextrestored', () => (window.__restored += 1))
    const context = window.__map.getCanvas().getContext('webgl2').getExtension('WEBGL_lose_context')
    context.loseContext()
    setTimeout(() => context.restoreContext(), 3_000)
  })
  await page.locator('.lost').waitFor()
  await page.waitForFunction(() => window.__restored === 1, null, { timeout: 60_000 })
  await page.locator('.lost').waitFor({ state: 'detached' })
  await mapIsDrawn(page)
  const layers = await page.evaluate(() => window.__map.getStyle().layers.filter(({ id }) => /^(stations|warnings|incidents):/.test(id)).length)
  if (layers < 10) throw new Error(`${layers} layers of ours after the graphics came back`)
  await note('after a lost graphics context')

  await live(page, EVENTS)
  const late = await note('late: after a last round')
  await page.screenshot({ path: `${OUT}/wall-late.png` })
  report.growth = { heap: Number((late.heapMiB / early.heapMiB).toFixed(3)), nodes: late.nodes - early.nodes, elements: late.elements - early.elements, listeners: late.listeners - early.listeners }
  console.log('growth', JSON.stringify(report.growth))
  if (report.growth.heap > MOST_HEAP) throw new Error(`the heap grew by ${report.growth.heap}, at most ${MOST_HEAP} is expected`)
  if (report.growth.elements > MOST_NODES) throw new Error(`the page grew by ${report.growth.elements} elements`)
  const faults = wall.faults.filter((fault) => !/ERR_|50[0-9] |WebGL|CONTEXT_LOST/.test(fault))
  if (faults.length > 0) throw new Error(`faults: ${faults.slice(0, 5).join('; ')}`)
} finally {
  writeFileSync(`${OUT}/wall.json`, `${JSON.stringify(report, null, 2)}\n`)
  await browser.close()
  await preview?.close()
  await stop().catch(() => {})
  rmSync(directory, { recursive: true, force: true })
}
