import { expect, test } from 'vitest'
import { stylesheet } from '../../scripts/tokens.mjs'
import css from './tokens.css?raw'
import tokens from './tokens.json'

test('the stylesheet is the one that the tokens give', () => {
  expect(stylesheet(tokens)).toBe(css)
})

/** Contrast of two colours after WCAG 2.2, 1 to 21. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string): number => {
    const channel = (at: number): number => {
      const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
    }
    return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
  }
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

test('every text can be read on what it stands on', () => {
  for (const theme of [tokens.colour.dark, tokens.colour.light]) {
    for (const ground of [theme.bg, theme.panel, theme.selected]) {
      for (const text of [theme.text, theme.muted, theme.accent, theme.ok]) {
        expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5)
      }
    }
    for (const text of Object.values(theme['level-text'])) {
      expect(contrast(text, theme.panel), `${text} on a panel`).toBeGreaterThanOrEqual(4.5)
    }
    expect(contrast(theme['attention-fill'], theme['attention-text'])).toBeGreaterThanOrEqual(7)
    expect(contrast(theme['field-border'], theme.panel), 'the edge of a field').toBeGreaterThanOrEqual(3)
  }
  for (const badge of Object.values(tokens.colour.badge)) {
    expect(contrast(badge.fill, badge.text), badge.word).toBeGreaterThanOrEqual(4.5)
  }
})
