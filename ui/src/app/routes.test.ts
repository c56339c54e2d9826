import { expect, test } from 'vitest'
import { entries } from './menu'
import { home, shellRoutes } from './routes'

const holding = (...permissions: string[]) => (permission: string) => permissions.includes(permission)

test('a duty officer starts at the desk, an officer of the node at the accounts, a stranger nowhere', () => {
  expect(home(holding('station.read', 'duty.read'))).toBe('/duty')
  expect(home(holding('station.read'))).toBe('/map')
  expect(home(holding('account.list'))).toBe('/iam/accounts')
  expect(home(holding())).toBeNull()
})

test('no two pages have the same address, and every entry asks for a permission', () => {
  const paths = shellRoutes.map((route) => route.path)
  expect(new Set(paths).size).toBe(paths.length)
  for (const entry of entries(shellRoutes)) expect(entry.needs, entry.path).toBeTruthy()
})
