// Many open screens: how long until a change is visible on each of them.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import http from 'node:http'
import { load, memory, now, PORT, row, sleep, spread, stop } from './kit.mjs'
import { simulator, Town } from './telling.mjs'

const SCREENS = 2_000
const CHANGES = 20
const APART = 500

/** Opens the screens in a process of their own; crosses lines; prints what it took. */
export async function screens(binary) {
  const town = await Town.open(binary, PORT + 30, CHANGES)
  const before = memory(town.demo.child.pid)
  const [self, { port, cookie }] = [fileURLToPath(import.meta.url), town.demo]
  const many = spawn(process.execPath, [self, `${port}`, cookie, `${SCREENS}`], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const opened = await new Promise((resolve) => many.once('message', resolve))
  row(`${opened} screens open in`, `${(now() - town.opened).toFixed(0)} ms since the first station, load average ${load()}`)
  await sleep(2_000)
  row('memory a screen', `${(((memory(town.demo.child.pid) - before) / opened) * 1_024).toFixed(1)} KB`)
  await told(town, many, opened, 'a change')
  const background = simulator(town)
  await sleep(2_000)
  await told(town, many, opened, 'a change under load')
  await stop(background)
  await stop(many)
  await town.close()
}

async function told(town, many, opened, what) {
  town.heard.length = 0
  many.send('forget')
  await town.report(1_000, APART)
  const heard = new Map(await new Promise((resolve) => (many.once('message', resolve), many.send('tell'))))
  const began = new Map()
  const spans = {}
  const missed = {}
  for (const { fact } of town.heard) {
    if (fact.kind === 'finding.raised') {
      const minute = Math.floor(Date.parse(fact.summary.time) / 60_000)
      began.set(fact.correlation, town.sent.get(`${fact.summary.station} ${minute}`))
    }
    const times = heard.get(fact.seq) ?? []
    missed[fact.kind] = (missed[fact.kind] ?? 0) + opened - times.length
    for (const came of times) (spans[fact.kind] ??= []).push(came - began.get(fact.correlation))
  }
  for (const [kind, all] of Object.entries(spans)) {
    row(`${what} → ${kind} on ${opened} screens (${missed[kind]} missed)`, `${spread(all)}, load average ${load()}`)
  }
  await town.report(0, 0)
}

/** The other process: opens screens, and says when each fact came to each of them. */
async function audience(port, cookie, count) {
  let heard = new Map()
  const agent = new http.Agent({ maxSockets: Infinity })
  const open = () =>
    new Promise((resolve, reject) => {
      const request = http.get({ port, path: '/api/live', headers: { cookie }, agent }, (answer) => {
        if (answer.statusCode !== 200) return reject(new Error(`a screen was answered ${answer.statusCode}`))
        let rest = ''
        answer.setEncoding('latin1')
        answer.on('data', (piece) => {
          const came = now()
          const text = rest + piece
          const end = text.lastIndexOf('\n\n') + 2
          rest = end < 2 ? text : text.slice(end)
          if (2 <= end) {
            for (const [, seq] of text.slice(0, end).matchAll(/^id: (\d+)$/gm)) {
              const times = heard.get(Number(seq))
              times ? times.push(came) : heard.set(Number(seq), [came])
            }
          }
          resolve()
        })
        answer.on('error', () => {})
      })
      request.on('error', reject)
    })
  // So many at a time as browsers come in the morning.
  for (let at = 0; at < count; at += 50) {
    await Promise.all(Array.from({ length: Math.min(50, count - at) }, open))
  }
  process.on('message', (message) => {
    if (message === 'forget') heard = new Map()
    if (message === 'tell') process.send([...heard])
  })
  process.send(count)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [port, cookie, count] = process.argv.slice(2)
  await audience(Number(port), cookie, Number(count))
}
