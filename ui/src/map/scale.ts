const EQUATOR_M = 40_075_016.686
const STEPS = [1, 2, 5]

/**
 * A scale bar of a round length, at most 90 px long.
 *
 * - `latitude`: of the middle of the view, degrees; `zoom`: of tiles of 512 px.
 * - Web Mercator stretches by 1 / cos(latitude).
 */
export function scaleBar(latitude: number, zoom: number): { metres: number; pixels: number; text: string } {
  const perPixel = (EQUATOR_M * Math.cos((latitude * Math.PI) / 180)) / (512 * 2 ** zoom)
  const most = 90 * perPixel
  const power = 10 ** Math.floor(Math.log10(most))
  const metres = Math.max(...STEPS.filter((step) => step * power <= most)) * power
  const text = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`
  return { metres, pixels: Math.round(metres / perPixel), text }
}
