import type { StationClass } from '../station/api'

/** The elements of SL 651 that stations usually send; others can be typed. */
export const ELEMENTS = ['Z', 'ZU', 'ZB', 'Q', 'PJ', 'PT', 'P1', 'PD', 'DRP', 'GH', 'H', 'M10', 'M20', 'M40', 'AI', 'C', 'US', 'UC', 'VT'] as const
export type Element = (typeof ELEMENTS)[number]

const USUAL: Partial<Record<StationClass, Element[]>> = {
  river: ['Z', 'VT'],
  reservoir: ['ZU', 'PJ', 'PT', 'VT'],
  rain: ['PJ', 'PT', 'VT'],
  gate: ['ZU', 'ZB', 'GH', 'VT'],
  pump: ['ZU', 'ZB', 'VT'],
  tide: ['Z', 'VT'],
  soil: ['M10', 'M20', 'M40', 'VT'],
  groundwater: ['H', 'VT'],
  intake: ['Q', 'VT'],
  outlet: ['Q', 'VT'],
}

/** What a station of a class usually measures; an officer corrects it. */
export const usual = (kind: StationClass): Element[] => USUAL[kind] ?? ['VT']

/** Codes as they were typed, by comma, space or 、, each once. */
export function typed(text: string): string[] {
  return [...new Set(text.toUpperCase().split(/[\s,，、]+/).filter(Boolean))]
}
