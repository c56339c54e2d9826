/** `/worlds/NAME/…` shows another world than the real one; its name, or `null`. */
export function worldOf(path: string): string | null {
  return /^\/worlds\/([a-z0-9-]+)(?:\/|$)/.exec(path)?.[1] ?? null
}

/** Where the pages of a world begin. */
export const baseOf = (world: string | null): string => (world === null ? '/' : `/worlds/${world}/`)

/**
 * The world of this page. It does not change while the page lives: entering and leaving
 * load the page anew, so that nothing of one world is left in the memory of another.
 */
export const worldName: string | null = worldOf(typeof location === 'undefined' ? '/' : location.pathname)
