/** How long after a person's last touch what the page asks is still asked for them. */
const PRESENT_MS = 60_000

/** What only a person does. `popstate` is their way back, `focus` their return to the page. */
const ACTS = ['pointerdown', 'keydown', 'wheel', 'input', 'popstate', 'focus']

// Opening the page is an act.
let actedAt = performance.now()

/** Called once at the start. */
export function watchPresence(page: EventTarget): void {
  const acted = (): void => void (actedAt = performance.now())
  for (const act of ACTS) page.addEventListener(act, acted, { capture: true, passive: true })
}

/**
 * The header of what the page asks by itself, on a timer or because of a live fact: the
 * server lets the session's idle time run on. Empty while somebody is at the page.
 */
export function background(): Record<string, string> {
  return performance.now() - actedAt < PRESENT_MS ? {} : { 'X-Fengsui-Background': '1' }
}
