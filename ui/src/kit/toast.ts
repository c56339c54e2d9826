import { reactive } from 'vue'

export interface Toast {
  id: number
  text: string
  /** An act that can be taken back; offered for as long as the toast stands. */
  undo: (() => void) | null
  /** It says that something failed: then it stays until it is closed. */
  failed: boolean
}

export const toasts = reactive<Toast[]>([])
let last = 0

export function dismiss(id: number): void {
  const index = toasts.findIndex((toast) => toast.id === id)
  if (index >= 0) toasts.splice(index, 1)
}

function show(text: string, rest: { undo: (() => void) | null; failed: boolean }, seconds: number) {
  last += 1
  const id = last
  toasts.push({ id, text, ...rest })
  if (toasts.length > 4) toasts.shift()
  if (Number.isFinite(seconds)) setTimeout(() => dismiss(id), seconds * 1000)
}

export const toast = {
  done: (text: string) => show(text, { undo: null, failed: false }, 5),
  /** Offers to take the act back for ten seconds, by button or by U. */
  undoable: (text: string, undo: () => void) => show(text, { undo, failed: false }, 10),
  failed: (text: string) => show(text, { undo: null, failed: true }, Number.POSITIVE_INFINITY),
}

/** Takes back the latest act that can be; says whether there was one. */
export function undoLast(): boolean {
  const latest = [...toasts].reverse().find((each) => each.undo !== null)
  if (!latest) return false
  latest.undo?.()
  dismiss(latest.id)
  return true
}
