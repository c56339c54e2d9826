// From a reading to its finding, its risk notice and its proposed warning on an open screen.
import { spawn } from 'node:child_process'
import { Worker } from 'node:worker_threads'
import { demonstration, frames, load, memory, now, PORT, row, screen, sleep, spread, stop } from './kit.mjs'

/** What is told of a reading, by kind of fact. */
const TOLD = {
  'finding.raised': 'finding.raised',
  'notice.sent': 'notice.sent',
  'warning.proposed': 'warning.proposed',
  // The second line of a station joins the warning of the first when that is as severe.
  'warning.joined': 'warning.proposed',
}
const ROUNDS = 4
/** Between two crossings that are spread, ms. */
const APART = 25

/** A demonstration whose stations can be made to cross their lines, and what was told of it. */
export class Town {
  static async open(binary, port, stations) {
    const demo = await demonstration(binary, port)
    const town = new Town()
    Object.assign(town, { binary, demo, stations: demo.stations.slice(0, stations), others: demo.stations.slice(stations) })
    town.opened = now()
    town.minute = Math.floor(Date.now() / 60_000) - 600
    town.sent = new Map()
    town.heard = []
    town.screen = screen(demo, (fact, came) => fact.kind in TOLD && town.heard.push({ fact, came }))
    const workerData = { port: port + 1, stations: town.stations.map(({ code }) => code) }
    town.sender = new Worker(new URL('./sender.mjs', import.meta.url), { workerData })
    await new Promise((resolve) => town.sender.once('message', resolve))
    await town.report(0, 0)
    return town
  }

  /** Every station reports a level for the next minute, one `apart` ms after the other. */
  async report(level, apart) {
    this.minute += 1
    const minute = this.minute
    const lines = frames(this.binary, this.stations.map((station) => ({ station, minute, level })))
    const plan = this.stations.map((station, index) => ({
      key: `${station.id} ${minute}`, code: station.code, hex: lines[index], after: index * apart,
    }))
    this.sender.postMessage(plan)
    const sent = await new Promise((resolve) => this.sender.once('message', resolve))
    for (const [key, at] of sent) this.sent.set(key, at)
    // Until nothing more is told for a while.
    for (let last = -1; last !== this.heard.length; ) {
      last = this.heard.length
      await sleep(500)
    }
  }

  /** The spans from a reading's sending to each kind of fact on the screen, and forgets them. */
  spans() {
    const began = new Map()
    for (const { fact } of this.heard) {
      if (fact.kind !== 'finding.raised') continue
      const minute = Math.floor(Date.parse(fact.summary.time) / 60_000)
      began.set(fact.id, this.sent.get(`${fact.summary.station} ${minute}`))
    }
    const spans = {}
    for (const { fact, came } of this.heard) {
      // What joins an open warning is of that one's thread, and caused by its own finding.
      const at = began.get(fact.kind === 'finding.raised' ? fact.id : fact.cause)
      if (at !== undefined) (spans[TOLD[fact.kind]] ??= []).push(came - at)
    }
    this.heard.length = 0
    return spans
  }

  /** Crosses all lines several times and prints what it took. */
  async cross(what, apart) {
    this.heard.length = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      await this.report(1_000, apart)
      await this.report(0, 0)
    }
    for (const [kind, spans] of Object.entries(this.spans())) {
      row(`${what} → ${kind}, ${spans.length} of them`, spread(spans))
    }
  }

  async close() {
    this.screen.destroy()
    this.sender.postMessage('close')
    await stop(this.demo.child)
  }
}

/** Quiet: all stations in the same instant, and one after the other. */
export async function telling(binary) {
  const town = await Town.open(binary, PORT + 10, 82)
  row('load average', load())
  await town.cross('82 stations at once', 0)
  await town.cross(`one station every ${APART} ms`, APART)
  row('memory of the demonstration then', `${memory(town.demo.child.pid).toFixed(0)} MB`)
  await town.close()
}

/** The same beside other stations that report as fast as the simulator can. */
export async function loaded(binary) {
  const town = await Town.open(binary, PORT + 20, 41)
  const background = simulator(town)
  await sleep(2_000)
  const before = await readings(town)
  const began = now()
  await town.cross('41 stations at once, under load', 0)
  await town.cross(`one station every ${APART} ms, under load`, APART)
  const rate = ((await readings(town)) - before) / (now() - began) * 1_000
  row('readings stored meanwhile, 4 in a frame', `${rate.toFixed(0)} /s, load average ${load()}`)
  await stop(background)
  await town.close()
}

/** Readings stored since the node's start. */
async function readings({ demo }) {
  const text = await (await fetch(`http://127.0.0.1:${demo.port}/metrics`)).text()
  return Number(/^fengsui_readings_appended_total (\d+)/m.exec(text)[1])
}

/** Starts the simulator on the stations that do not cross; the clocks of its stations fly. */
export function simulator({ binary, others, demo }) {
  const start = new Date(Date.now() - 700 * 86_400_000).toISOString()
  const args = ['simulate', 'sl651', '--to', `127.0.0.1:${demo.port + 1}`, '--start', start, '--speed', '60000',
    '--period', '60', '--base', '0', '--crest', '1', '--rise', '100000']
  for (const { code } of others) args.push('--station', code)
  return spawn(binary, args, { stdio: 'ignore' })
}
