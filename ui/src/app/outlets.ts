import { shallowReactive, type Component } from 'vue'

/**
 * Places that an earlier stage leaves open for a later one, and what each is told.
 *
 * - `finding.outcome`: what came of a finding, in a line.
 * - `bar.alarm`: in the top bar, what sounds and its mute.
 * - `shell.called`: what wants the answer of whoever is signed in, above every page.
 */
export interface Outlets {
  'shell.called': Record<never, never>
  'finding.outcome': { correlation: string }
  'bar.alarm': Record<never, never>
}

const filled = shallowReactive(new Map<keyof Outlets, Component>())

/** Called once, at the start, by the stage that knows more; it names no stage before it. */
export function fillOutlet(place: keyof Outlets, component: Component): void {
  filled.set(place, component)
}

/** What a later stage put there; `undefined` in a build without it. */
export const outlet = (place: keyof Outlets): Component | undefined => filled.get(place)
