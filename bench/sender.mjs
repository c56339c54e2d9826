// A thread that holds one connection per station and writes frames at their moments, so
// that neither writing nor the hearing of screens waits for the other.
import net from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { now, sleep } from './kit.mjs'

const sockets = new Map()
for (const code of workerData.stations) {
  const socket = net.connect(workerData.port, '127.0.0.1')
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.resume()
  await new Promise((resolve) => socket.once('connect', resolve))
  sockets.set(code, socket)
}
parentPort.postMessage('ready')

/** `plan`: `[{ key, code, hex, after }]`, `after` in ms from now and ascending. */
parentPort.on('message', async (plan) => {
  if (plan === 'close') {
    for (const socket of sockets.values()) socket.destroy()
    return process.exit(0)
  }
  const bytes = plan.map(({ hex }) => Buffer.from(hex, 'hex'))
  const began = now()
  const sent = []
  for (const [index, { key, code, after }] of plan.entries()) {
    const wait = after - (now() - began)
    if (0 < wait) await sleep(wait)
    sent.push([key, now()])
    sockets.get(code).write(bytes[index])
  }
  parentPort.postMessage(sent)
})
