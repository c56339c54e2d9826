// How many requests a second pass the door: a signed-in person asks for their own session.
import http from 'node:http'
import { demonstration, load, now, PORT, row, sleep, spread, stop } from './kit.mjs'

const CONNECTIONS = 32
const FOR_MS = 10_000

/** Each connection asks again as soon as it is answered; half a minute of machine time. */
export async function door(binary) {
  const demo = await demonstration(binary, PORT + 50)
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const ask = () =>
    new Promise((resolve, reject) => {
      const request = http.get({ port: demo.port, path: '/api/session', headers: { cookie: demo.cookie }, agent }, (answer) => {
        answer.resume()
        answer.on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`answered ${answer.statusCode}`))))
      })
      request.on('error', reject)
    })
  await sleep(1_000)
  for (let round = 1; round <= 3; round += 1) {
    const spans = []
    const began = now()
    const keepAsking = async () => {
      while (now() - began < FOR_MS) {
        const sent = now()
        await ask()
        spans.push(now() - sent)
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, keepAsking))
    const rate = (spans.length / (now() - began)) * 1_000
    row(`requests a second through the door, ${CONNECTIONS} connections`, `${rate.toFixed(0)}, ${spread(spans)}, load average ${load()}`)
  }
  agent.destroy()
  await stop(demo.child)
}
