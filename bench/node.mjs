// What a node costs and how fast it tells. Usage: node bench/node.mjs BINARY [PART...],
// parts: size, starting, telling, loaded, screens; all of them when none is named.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { door } from './door.mjs'
import { memory, PORT, quantile, row, sleep, stop, until } from './kit.mjs'
import { screens } from './screens.mjs'
import { loaded, telling } from './telling.mjs'

const [binary, ...asked] = process.argv.slice(2)

async function size() {
  row('binary', `${(statSync(binary).size / 1e6).toFixed(1)} MB`)
}

async function starting() {
  const directory = mkdtempSync(join(tmpdir(), 'fengsui-bench-'))
  const first = await coldStart(directory, PORT)
  await sleep(3_000)
  row('first start (makes the database, 1 000 regions) to /readyz', `${first.ms.toFixed(0)} ms`)
  row('idle memory after 3 s', `${memory(first.child.pid).toFixed(0)} MB`)
  await stop(first.child)
  const times = []
  for (let round = 0; round < 5; round += 1) {
    const again = await coldStart(directory, PORT)
    times.push(again.ms)
    await stop(again.child)
  }
  times.sort((a, b) => a - b)
  row('cold start to /readyz, median of 5', `${quantile(times, 0.5).toFixed(0)} ms`)
  rmSync(directory, { recursive: true })
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
  return { child, ms: performance.now() - began }
}

const parts = { size, starting, telling, loaded, screens, door }
for (const part of asked.length ? asked : Object.keys(parts)) {
  if (!(part in parts)) throw new Error(`no part ${part}; there are ${Object.keys(parts).join(', ')}`)
  await parts[part](binary)
}
process.exit(0)
