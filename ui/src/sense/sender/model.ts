import type { NewSensor, Point } from './api'

/** A number as it was typed; `null` when nothing was, `undefined` when it is none. */
export function typedNumber(text: string): number | null | undefined {
  const trimmed = text.trim().replace(',', '.')
  if (trimmed === '') return null
  if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(trimmed)) return undefined
  return Number(trimmed)
}

/** Points that a sensor can be made of at once: nothing has to be asked. */
export const ready = (points: readonly Point[]): Point[] => points.filter((point) => point.sensor === null && point.quantity !== null)

/** The sensor that a point asks for as its host or its name says it. */
export const asDefined = ({ element, quantity, mapping }: Point): NewSensor => ({ element, quantity, ...mapping })

/** In pieces that one command takes. */
export function pieces<T>(all: readonly T[], most: number): T[][] {
  const found: T[][] = []
  for (let at = 0; at < all.length; at += most) found.push(all.slice(at, at + most))
  return found
}
