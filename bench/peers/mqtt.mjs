// Devices that publish one reading with QoS 1 and wait for its acknowledgement before the next,
// many of them at the same time: a program of its own, which takes far less of the processor
// than Node would, so that the server keeps the machine.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'

/**
 * All devices at once for so many seconds.
 * @returns {Promise<{ count: number, seconds: number, p50_ms: number, p99_ms: number, core_s: number }>}
 */
export async function publish({ binary, port, key, codes, seconds }) {
  const program = join(dirname(binary), 'examples', 'mqtt_devices')
  const child = spawn(program, [`${port}`, `${seconds}`], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(codes.map((code) => `${code} ${key(code)}\n`).join(''))
  let text = ''
  child.stdout.on('data', (piece) => (text += piece))
  const status = await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject))
  if (status !== 0) throw new Error(`${program} ended with ${status}`)
  return JSON.parse(text)
}
