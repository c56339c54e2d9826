import { api } from '@/api/client'
import type { Schema } from '@/api/schema'

/** What was told of a warning as CAP 1.2. */
export type CapMessage = Schema['CapMessage']

/** All that was told of a warning and of those whose place it took, the oldest first. */
export const listMessages = (warning: string, signal?: AbortSignal) =>
  api.all<CapMessage>(`/warnings/${warning}/messages`, {}, signal)

/** What would be told of a warning that is not issued yet: CAP with the status `Draft`. */
export async function loadDraft(warning: string): Promise<string> {
  const file = await api.download(`/warnings/${warning}/cap`)
  return file === null ? '' : file.bytes.text()
}

/** An element of a message, as a line of the preview. */
export interface CapLine {
  depth: number
  name: string
  text: string
}

/** Longer values are cut in the preview: a polygon of hundreds of points. */
const LONGEST = 240

/**
 * The elements of a message in their order, each with its own text; pairs (`parameter`,
 * `geocode`, `eventCode`) are one line. Empty for what is no XML.
 */
export function capLines(xml: string): CapLine[] {
  const root = new DOMParser().parseFromString(xml, 'application/xml').documentElement
  if (root.localName !== 'alert') return []
  const lines: CapLine[] = []
  const walk = (element: Element, depth: number): void => {
    for (const child of element.children) {
      const pair = child.querySelector(':scope > valueName')
      if (pair) {
        const value = child.querySelector(':scope > value')?.textContent ?? ''
        lines.push({ depth, name: child.localName, text: `${pair.textContent ?? ''} = ${value}` })
      } else if (child.children.length > 0) {
        lines.push({ depth, name: child.localName, text: '' })
        walk(child, depth + 1)
      } else {
        lines.push({ depth, name: child.localName, text: shortened(child) })
      }
    }
  }
  walk(root, 0)
  return lines
}

function shortened(element: Element): string {
  const text = element.textContent ?? ''
  if (element.localName === 'polygon') {
    const points = text.trim().split(/\s+/)
    return points.length > 4 ? `${points.slice(0, 3).join(' ')} … (${points.length})` : text
  }
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
