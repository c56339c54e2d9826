import type uPlot from 'uplot'
import { rank, type Level } from '@/kit/level'
import { colourOf } from '@/kit/colours'
import { dayMinute, minuteTime } from '@/kit/time'

// What uPlot does not draw itself: gaps, thresholds, doubtful values, corrections, findings.
// Everything is in canvas pixels; `u.bbox` is the plot, `r` the device pixel ratio.

export interface Threshold {
  value: number
  label: string
  note: string
}

export interface Mark {
  /** s since 1970 */
  time: number
  level: Level
  label: string
}

const FONT = (px: number, bold = false): string =>
  `${bold ? 700 : 400} ${px * devicePixelRatio}px 'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', sans-serif`

function inPlot(u: uPlot, draw: (pen: CanvasRenderingContext2D) => void): void {
  const pen = u.ctx
  pen.save()
  pen.beginPath()
  pen.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height)
  pen.clip()
  draw(pen)
  pen.restore()
}

/** Bands without data; the length stands in those wide enough for it. */
export function drawGaps(u: uPlot, gaps: [number, number][], words: (seconds: number) => string[]): void {
  inPlot(u, (pen) => {
    const r = devicePixelRatio
    for (const [from, to] of gaps) {
      const x0 = u.valToPos(from, 'x', true)
      const x1 = u.valToPos(to, 'x', true)
      pen.fillStyle = colourOf('gap')
      pen.fillRect(x0, u.bbox.top, Math.max(x1 - x0, r), u.bbox.height)
      const lines = words(to - from)
      pen.font = FONT(12)
      const widest = Math.max(...lines.map((line) => pen.measureText(line).width))
      if (x1 - x0 < widest + 4 * r) continue
      pen.fillStyle = colourOf('muted')
      pen.textAlign = 'center'
      const middle = u.bbox.top + u.bbox.height * 0.58
      lines.forEach((line, index) => pen.fillText(line, (x0 + x1) / 2, middle + index * 17 * r))
    }
  })
}

/** Named dashed lines; those beyond the range are named at the edge they lie behind. */
export function drawThresholds(u: uPlot, thresholds: Threshold[], compact: boolean): void {
  const r = devicePixelRatio
  inPlot(u, (pen) => {
    const { min, max } = u.scales.y!
    let above = 0
    const taken: number[] = []
    for (const { value, label, note } of thresholds) {
      pen.textAlign = 'left'
      pen.textBaseline = 'alphabetic'
      const left = u.bbox.left + 6 * r
      if (max != null && min != null && (value > max || value < min)) {
        pen.font = FONT(12)
        pen.fillStyle = colourOf('muted')
        const edge = value > max ? u.bbox.top + (14 + 17 * above) * r : u.bbox.top + u.bbox.height - 6 * r
        pen.fillText(`${value > max ? '↑' : '↓'} ${label}`, left, edge)
        if (value > max) above += 1
        continue
      }
      const y = Math.round(u.valToPos(value, 'y', true)) + 0.5
      pen.strokeStyle = colourOf('threshold')
      pen.lineWidth = (compact ? 1 : 1.4) * r
      pen.setLineDash([5 * r, 4 * r])
      pen.beginPath()
      pen.moveTo(u.bbox.left, y)
      pen.lineTo(u.bbox.left + u.bbox.width, y)
      pen.stroke()
      pen.setLineDash([])
      pen.font = FONT(12)
      pen.fillStyle = colourOf('text')
      // A line at the very top would push its name out of the plot.
      const text = y - 16 * r < u.bbox.top ? y + 14 * r : y - 5 * r
      // Two names of near lines would lie on each other: the later goes to the right.
      const crowded = taken.some((other) => Math.abs(other - text) < 13 * r)
      taken.push(text)
      pen.fillText(label, crowded ? u.bbox.left + u.bbox.width * 0.45 : left, text)
      if (note && !compact) {
        const width = pen.measureText(label).width
        pen.fillStyle = colourOf('muted')
        pen.fillText(note, left + width + 16 * r, text)
      }
    }
  })
}

/** Values that no rule looked at: crosses, outside the line. */
export function drawCrosses(u: uPlot, doubtful: [number, number, number][]): void {
  inPlot(u, (pen) => {
    const arm = 5 * devicePixelRatio
    pen.strokeStyle = colourOf('text')
    pen.lineWidth = 2 * devicePixelRatio
    for (const [time, value] of doubtful) {
      const x = u.valToPos(time, 'x', true)
      const y = Math.min(Math.max(u.valToPos(value, 'y', true), u.bbox.top + arm), u.bbox.top + u.bbox.height - arm)
      pen.beginPath()
      pen.moveTo(x - arm, y - arm)
      pen.lineTo(x + arm, y + arm)
      pen.moveTo(x + arm, y - arm)
      pen.lineTo(x - arm, y + arm)
      pen.stroke()
    }
  })
}

/** Earlier values that a later arrival replaced: rings. */
export function drawRings(u: uPlot, superseded: [number, number][]): void {
  inPlot(u, (pen) => {
    pen.strokeStyle = colourOf('series')
    pen.fillStyle = colourOf('panel')
    pen.lineWidth = 2 * devicePixelRatio
    for (const [time, value] of superseded) {
      pen.beginPath()
      pen.arc(u.valToPos(time, 'x', true), u.valToPos(value, 'y', true), 4.5 * devicePixelRatio, 0, 2 * Math.PI)
      pen.fill()
      pen.stroke()
    }
  })
}

/** Readings that failed a check and are judged all the same: squares around them. */
export function drawSquares(u: uPlot, flagged: [number, number][]): void {
  inPlot(u, (pen) => {
    const half = 5 * devicePixelRatio
    pen.strokeStyle = colourOf('text')
    pen.lineWidth = 1.5 * devicePixelRatio
    for (const [time, value] of flagged) {
      pen.strokeRect(u.valToPos(time, 'x', true) - half, u.valToPos(value, 'y', true) - half, 2 * half, 2 * half)
    }
  })
}

/** The latest value: a full disc, so that now is found at once. */
export function drawLatest(u: uPlot, time: number, value: number): void {
  inPlot(u, (pen) => {
    pen.fillStyle = colourOf('series')
    pen.strokeStyle = colourOf('panel')
    pen.lineWidth = 2 * devicePixelRatio
    pen.beginPath()
    pen.arc(u.valToPos(time, 'x', true), u.valToPos(value, 'y', true), 5 * devicePixelRatio, 0, 2 * Math.PI)
    pen.fill()
    pen.stroke()
  })
}

/** Findings and warnings as triangles that stand on the time axis, each with its words. */
export function drawMarks(u: uPlot, marks: Mark[]): void {
  const r = devicePixelRatio
  const foot = u.bbox.top + u.bbox.height
  const pen = u.ctx
  pen.save()
  let busyUntil = Number.NEGATIVE_INFINITY
  for (const { time, level, label } of [...marks].sort((a, b) => a.time - b.time)) {
    const x = u.valToPos(time, 'x', true)
    if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) continue
    pen.strokeStyle = colourOf('text')
    pen.lineWidth = 1 * r
    pen.beginPath()
    pen.moveTo(x, foot - 16 * r)
    pen.lineTo(x, foot)
    pen.stroke()
    pen.beginPath()
    pen.moveTo(x, foot - 30 * r)
    pen.lineTo(x + 8 * r, foot - 16 * r)
    pen.lineTo(x - 8 * r, foot - 16 * r)
    pen.closePath()
    pen.lineJoin = 'round'
    pen.lineWidth = 2 * r
    pen.strokeStyle = '#0B1524'
    pen.stroke()
    pen.fillStyle = colourOf(`badge-${rank(level)}`)
    pen.fill()
    pen.font = FONT(12)
    const width = pen.measureText(label).width
    if (x - 12 * r - width > busyUntil) {
      pen.textAlign = 'right'
      pen.fillStyle = colourOf('text')
      pen.fillText(label, x - 12 * r, foot - 18 * r)
    }
    busyUntil = x + 8 * r
  }
  pen.restore()
}

/** The line of the cursor with its time in a box below the axis. */
export function drawCursor(u: uPlot, time: number, box: boolean): void {
  const r = devicePixelRatio
  const x = Math.round(u.valToPos(time, 'x', true)) + 0.5
  if (x < u.bbox.left || x > u.bbox.left + u.bbox.width + 1) return
  const pen = u.ctx
  pen.save()
  pen.strokeStyle = colourOf('text')
  pen.lineWidth = r
  pen.beginPath()
  pen.moveTo(x, u.bbox.top)
  pen.lineTo(x, u.bbox.top + u.bbox.height)
  pen.stroke()
  if (box) {
    const { min, max } = u.scales.x!
    const text = (max ?? 0) - (min ?? 0) > 2.5 * 86_400 ? dayMinute(time * 1000) : minuteTime(time * 1000)
    const [width, height] = [(text.length > 5 ? 88 : 60) * r, 20 * r]
    const left = Math.min(Math.max(x - width / 2, 0), u.ctx.canvas.width - width)
    const top = u.bbox.top + u.bbox.height + 5 * r
    pen.fillStyle = colourOf('attention-fill')
    pen.fillRect(left, top, width, height)
    pen.fillStyle = colourOf('attention-text')
    pen.font = FONT(12, true)
    pen.textAlign = 'center'
    pen.textBaseline = 'middle'
    pen.fillText(text, left + width / 2, top + height / 2)
  }
  pen.restore()
}
