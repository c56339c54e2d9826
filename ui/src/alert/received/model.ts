import type { Received, ReceivedArea, ReceivedWhole } from './api'

type Box = [west: number, south: number, east: number, north: number]

/** Degrees of latitude in a kilometre. */
const DEGREE_KM = 111.195
/** Corners of what stands for a circle. */
const CORNERS = 48

/** The gravest first, those without a colour last; then the newest. */
export function byGravity(a: Received, b: Received): number {
  const grave = ['red', 'orange', 'yellow', 'blue']
  const rank = (it: Received): number => (it.level ? grave.indexOf(it.level) : grave.length)
  return rank(a) - rank(b) || b.sent.localeCompare(a.sent)
}

/** A circle of kilometres around a place, as a ring; longitude first. */
export function circleRing([lon, lat, km]: readonly number[]): [number, number][] {
  const high = (km ?? 0) / DEGREE_KM
  const wide = high / Math.max(Math.cos(((lat ?? 0) * Math.PI) / 180), 0.01)
  return Array.from({ length: CORNERS + 1 }, (_, at) => {
    const turn = (at / CORNERS) * 2 * Math.PI
    return [(lon ?? 0) + wide * Math.cos(turn), (lat ?? 0) + high * Math.sin(turn)]
  })
}

/** The areas of a message; those of its first info that has some, as each language repeats them. */
export const areasOf = (whole: ReceivedWhole): ReceivedArea[] =>
  whole.infos.find((info) => info.areas.length > 0)?.areas ?? []

/** Every ring of these areas. */
export const ringsOf = (areas: ReceivedArea[]): number[][][] =>
  areas.flatMap((area) => [...area.polygons, ...area.circles.map(circleRing)])

/** What shows all of these rings; `null` for none. */
export function boxOf(rings: number[][][]): Box | null {
  const points = rings.flat()
  if (points.length === 0) return null
  const of = (axis: number): number[] => points.map((point) => point[axis] ?? 0)
  return [Math.min(...of(0)), Math.min(...of(1)), Math.max(...of(0)), Math.max(...of(1))]
}
