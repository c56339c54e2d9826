import type { StationClass } from '../station/api'
import type { Element } from './api'

/** The elements that are offered first, in the order of the standard. */
export const common = (elements: readonly Element[]): Element[] => elements.filter((element) => element.common)

/** What a station of a class usually measures; an officer corrects it. */
export const usual = (elements: readonly Element[], kind: StationClass): string[] =>
  elements.filter((element) => element.usual_for.includes(kind)).map((element) => element.code)

/** Codes as they were typed, by comma, space or 、, each once; the case is the protocol's where it knows the code. */
export function typed(text: string, elements: readonly Element[]): string[] {
  const own = new Map(elements.map(({ code }) => [code.toLowerCase(), code]))
  const codes = text.split(/[\s,，、]+/).filter(Boolean)
  return [...new Set(codes.map((code) => own.get(code.toLowerCase()) ?? code))]
}
