import { expect, test } from 'vitest'
import { baseOf, worldOf } from './name'

test('the address says which world is shown', () => {
  expect(worldOf('/duty')).toBeNull()
  expect(worldOf('/worlds')).toBeNull()
  expect(worldOf('/worlds/flood-2026')).toBe('flood-2026')
  expect(worldOf('/worlds/flood-2026/map')).toBe('flood-2026')
  expect(worldOf('/worlds/Flood_2026/map')).toBeNull()
  expect(baseOf(null)).toBe('/')
  expect(baseOf('flood-2026')).toBe('/worlds/flood-2026/')
})
