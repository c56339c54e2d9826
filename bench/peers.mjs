// Ours beside its peers, the same bytes through the port of each, in one run.
// Usage: node bench/peers.mjs BINARY [PART...]; parts: tables, mqtt; all when none is named.
// BENCH_MINUTES: how long each server is fed (5); BENCH_DIR: where they keep their files;
// BENCH_SERVERS: which of fengsui, victoria, postgres, clickhouse are fed (all).
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load, PORT, row, sleep, spread } from './kit.mjs'
import { bodies, station } from './peers/bodies.mjs'
import { publish } from './peers/mqtt.mjs'
import { bytesOf, clickhouse, fengsui, mosquitto, postgres, processor, victoria } from './peers/servers.mjs'

const [binary, ...asked] = process.argv.slice(2)
const seconds = 60 * Number(process.env.BENCH_MINUTES ?? 5)
const home = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'fengsui-peers-'))
// PostgreSQL runs as a user of its own.
chmodSync(home, 0o755)
const size = { stations: 200, points: 50, moments: 20 }
const CONNECTIONS = 16
const DEVICES = 1_000

/** Servers that still run. */
const started = []

async function begun(server) {
  const it = await server
  started.push(it)
  return it
}

async function ended(server) {
  started.splice(started.indexOf(server), 1)
  await server.close()
}

/** Feeds one server until the time is over; readings a second, and what each costs. */
async function feed(server) {
  const tables = bodies(size)
  const spans = []
  const before = processor(server.child.pid)
  const empty = bytesOf(server.directory)
  const began = performance.now()
  const until = began + seconds * 1000
  let count = 0
  const line = async () => {
    while (performance.now() < until) {
      const body = tables.take()
      const sent = performance.now()
      await server.send(body)
      spans.push(performance.now() - sent)
      count += tables.lines
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, line))
  const took = (performance.now() - began) / 1000
  const spent = processor(server.child.pid) - before
  await server.settle?.()
  await sleep(2_000)
  const rate = count / took
  row(server.name, `${(rate / 1e3).toFixed(0)} k/s, ${((spent / count) * 1e6).toFixed(2)} core-µs each, ${((bytesOf(server.directory) - empty) / count).toFixed(2)} bytes each on disk, answers ${spread(spans)}; ${server.note}; load ${load()}`)
  await queries(server, tables.span())
  await ended(server)
  // PostgreSQL alone fills 20 GB in five minutes.
  rmSync(server.directory, { recursive: true, force: true })
  return rate
}

/** A chart of one series after the other, and the newest value of all, as a page asks for them. */
async function queries(server, { from, to }) {
  const spent = { chart: [], latest: [] }
  let [drawn, newest] = [0, 0]
  for (let turn = 0; turn < 30; turn += 1) {
    const began = performance.now()
    drawn = await server.chart({ station: station((turn * 37) % size.stations), name: `p${String((turn * 11) % size.points).padStart(2, '0')}`, from, to })
    spent.chart.push(performance.now() - began)
  }
  for (let turn = 0; turn < 10; turn += 1) {
    const began = performance.now()
    newest = await server.latest(to)
    spent.latest.push(performance.now() - began)
  }
  row(`${server.name}: one series, ${drawn} spans`, spread(spent.chart))
  row(`${server.name}: newest of ${newest} series`, `${spread(spent.latest)}; load ${load()}`)
}

async function tables() {
  row('each body', `${size.points * size.moments} readings of one station, ${bodies(size).size} bytes of CSV; ${size.stations * size.points} series; ${seconds} s each`)
  const of = (name) => join(home, name)
  const chosen = process.env.BENCH_SERVERS?.split(',') ?? ['fengsui', 'victoria', 'postgres', 'clickhouse']
  const ours = chosen.includes('fengsui') ? await feed(await begun(fengsui(binary, of('fengsui'), PORT, size))) : Number.NaN
  for (const [name, start] of Object.entries({ victoria, postgres, clickhouse })) {
    if (!chosen.includes(name)) continue
    const theirs = await feed(await begun(start(of(name), PORT + 10, { connections: CONNECTIONS })))
    row(`fengsui : ${name}`, (ours / theirs).toFixed(2))
  }
}

async function mqtt() {
  const codes = Array.from({ length: DEVICES }, (_, number) => station(number))
  const rates = []
  for (const start of [() => fengsui(binary, join(home, 'mqtt'), PORT, { stations: DEVICES, points: 1 }), () => mosquitto(join(home, 'mosquitto'), PORT + 10)]) {
    const server = await begun(start())
    const pids = [server.child.pid, server.also?.pid].filter(Boolean)
    const spent = () => pids.map(processor).reduce((sum, it) => sum + it, 0)
    const before = spent()
    const { count, seconds: took, p50_ms, p99_ms, core_s } = await publish({ binary, port: server.mqtt, key: server.key, codes, seconds: Math.min(seconds, 60) })
    rates.push(count / took)
    const each = (cores) => ((cores / count) * 1e6).toFixed(1)
    row(`MQTT QoS 1, ${DEVICES} devices: ${server.name}`, `${(rates.at(-1) / 1e3).toFixed(1)} k/s, ${each(spent() - before)} core-µs each (the devices ${each(core_s)}), acknowledged after p50 ${p50_ms.toFixed(1)} ms, p99 ${p99_ms.toFixed(1)} ms; ${server.note}; load ${load()}`)
    await ended(server)
  }
  row('fengsui : mosquitto', (rates[0] / rates[1]).toFixed(2))
}

const parts = { tables, mqtt }
try {
  for (const part of asked.length ? asked : Object.keys(parts)) {
    if (!(part in parts)) throw new Error(`no part ${part}; there are ${Object.keys(parts).join(', ')}`)
    await parts[part]()
  }
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await Promise.all(started.map((it) => it.close().catch(() => {})))
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
}
process.exit()
