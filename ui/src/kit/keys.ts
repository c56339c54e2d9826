import { onScopeDispose, shallowReactive } from 'vue'

/** A key that does something on the page that is open. */
export interface Key {
  /** `KeyboardEvent.key`, lower case for letters; `ctrl+k` for a chord. */
  key: string
  /** What it does, for the list of all keys. */
  word: () => string
  run: (event: KeyboardEvent) => void
  /** Whether it does anything now; by default always. */
  when?: () => boolean
}

const SIGNS: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  ' ': '␣',
}

/** How a key is printed: a letter large, an arrow as an arrow, the space bar as ␣. */
export const keySign = (key: string): string =>
  key
    .split('+')
    .map((part) => SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part[0]!.toUpperCase() + part.slice(1)))
    .join(' ')

/** Every key in force, the latest page's last. */
export const keysInForce = shallowReactive<Key[]>([])

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

function chord(event: KeyboardEvent): string {
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key
  return event.ctrlKey || event.metaKey ? `ctrl+${name}` : name
}

let listening = false

function listen(): void {
  if (listening) return
  listening = true
  window.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return
    const box = event.target instanceof HTMLInputElement && /^(checkbox|radio)$/.test(event.target.type)
    if (typing(event.target) && !box && event.key !== 'Escape') return
    if (document.querySelector('dialog[open]')) return
    // A focused button or link keeps its own Enter and space.
    const own = event.target instanceof HTMLElement && event.target.closest('button, a, summary, [role=row]')
    if (own && (event.key === 'Enter' || event.key === ' ')) return
    const pressed = chord(event)
    const match = [...keysInForce].reverse().find((key) => key.key === pressed && (key.when?.() ?? true))
    if (!match) return
    event.preventDefault()
    match.run(event)
  })
}

/** Puts keys in force as long as the calling component lives. */
export function useKeys(keys: Key[]): void {
  listen()
  keysInForce.push(...keys)
  onScopeDispose(() => {
    for (const key of keys) keysInForce.splice(keysInForce.indexOf(key), 1)
  })
}
