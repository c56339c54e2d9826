// Tables of readings as CSV, the same bytes for every server: lines of `time,station,name,value`.
// Numbers are made once; what changes from one body to the next are the digits of its times.

export const HEADER = 'station,time,name,value\n'
const DIGITS = 13

/** Chance that repeats itself (mulberry32). */
function dice(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const names = (count) => Array.from({ length: count }, (_, index) => `p${String(index).padStart(2, '0')}`)
export const station = (number) => `bench-${String(number).padStart(4, '0')}`

/**
 * Bodies of `moments` moments of `points` points of one of `stations` stations, in turn; of
 * each station `forms` different ones. A moment is a millisecond that the station has not
 * had yet, and as near to now as that allows.
 */
export function bodies({ stations, points, moments, forms = 4 }) {
  const rolls = dice(20_260_803)
  const levels = Array.from({ length: stations * points }, () => 5 + 20 * rolls())
  const last = new Float64Array(stations)
  const made = []
  for (let form = 0; form < forms; form += 1) {
    for (let number = 0; number < stations; number += 1) {
      let text = HEADER
      const places = Array.from({ length: moments }, () => [])
      for (let moment = 0; moment < moments; moment += 1) {
        for (const [index, name] of names(points).entries()) {
          const series = number * points + index
          // As an instrument with two decimals that moves a little, or not at all.
          if (rolls() < 0.5) levels[series] += (rolls() - 0.5) * 0.4
          text += `${station(number)},`
          places[moment].push(text.length)
          text += `${'0'.repeat(DIGITS)},${name},${levels[series].toFixed(2)}\n`
        }
      }
      made.push({ number, station: station(number), places, bytes: Buffer.from(text, 'latin1') })
    }
  }
  let next = 0
  let first = Infinity
  const lines = points * moments
  return {
    lines,
    size: made[0].bytes.length,
    /** From the first moment of all to the last, in milliseconds. */
    span: () => ({ from: first, to: Math.max(...last) }),
    /** The next one; its bytes are good until the same one comes again. */
    take() {
      const body = made[next]
      next = (next + 1) % made.length
      const now = Date.now()
      const start = Math.max(last[body.number] + 1, now - moments)
      first = Math.min(first, start)
      for (let moment = 0; moment < moments; moment += 1) {
        const digits = String(start + moment)
        for (const place of body.places[moment]) body.bytes.write(digits, place, 'latin1')
      }
      last[body.number] = start + moments - 1
      return body
    },
  }
}
