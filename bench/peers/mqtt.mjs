// Devices that publish one reading with QoS 1 and wait for its acknowledgement before the next
// (MQTT 3.1.1), many of them at the same time.
import net from 'node:net'

const text = (value) => {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}

function packet(first, ...parts) {
  const body = Buffer.concat(parts)
  const length = []
  let rest = body.length
  do {
    length.push((rest & 127) | (rest > 127 ? 128 : 0))
    rest >>= 7
  } while (rest)
  return Buffer.concat([Buffer.from([first, ...length]), body])
}

/** One device; `run` publishes until `end()` and gives how many were acknowledged. */
async function device(port, code, key, spans) {
  const socket = net.connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  let heard = Buffer.alloc(0)
  let hear = () => {}
  socket.on('data', (piece) => {
    heard = heard.length ? Buffer.concat([heard, piece]) : piece
    // CONNACK and PUBACK of 3.1.1 have four bytes each.
    while (heard.length >= 4) {
      const first = heard[0]
      heard = heard.subarray(4)
      hear(first)
    }
  })
  const answer = (kind) => new Promise((resolve, reject) => {
    hear = (first) => (first === kind ? resolve() : reject(new Error(`packet ${first}, expected ${kind}`)))
    socket.once('close', () => reject(new Error('the server hung up')))
  })
  const come = answer(0x20)
  socket.write(packet(0x10, text('MQTT'), Buffer.from([4, 0xc2, 0, 120]), text(code), text(code), text(key)))
  await come
  socket.removeAllListeners('close')
  return {
    async run(end) {
      let count = 0
      let last = 0
      while (!end()) {
        last = Math.max(last + 1, Date.now())
        const body = Buffer.from(`{"time":${last},"values":{"p00":${(20 + Math.sin(last / 60_000)).toFixed(2)}}}`)
        const number = (count % 65_535) + 1
        const began = performance.now()
        socket.write(packet(0x32, text('readings'), Buffer.from([number >> 8, number & 255]), body))
        await new Promise((resolve, reject) => {
          hear = (first) => (first === 0x40 ? resolve() : reject(new Error(`packet ${first}`)))
        })
        spans.push(performance.now() - began)
        count += 1
      }
      socket.end(Buffer.from([0xe0, 0]))
      return count
    },
  }
}

/** All devices at once for so many seconds; messages that were acknowledged. */
export async function publish({ port, key, codes, seconds }) {
  const spans = []
  const devices = []
  for (const code of codes) devices.push(await device(port, code, key(code), spans))
  const until = performance.now() + seconds * 1000
  const counts = await Promise.all(devices.map((it) => it.run(() => performance.now() > until)))
  return { count: counts.reduce((sum, count) => sum + count, 0), spans }
}
