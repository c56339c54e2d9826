/** The present theme's colours for things drawn on a canvas, read from the stylesheet. */
export function colourOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}
