import { createPinia, setActivePinia } from 'pinia'
import { effectScope, nextTick, ref } from 'vue'
import { beforeEach, expect, test } from 'vitest'
import type { Page } from './client'
import { usePages } from './pages'

beforeEach(() => setActivePinia(createPinia()))

test('a page at a time is asked for, and a refresh asks for that page only', async () => {
  const asked: string[] = []
  const filter = ref('lifted')
  const follows: Record<string, string | null> = { first: 'b', b: 'c', c: null }
  const fetcher = async (of: string, cursor: string | null): Promise<Page<string>> => {
    asked.push(`${of} ${cursor ?? 'first'}`)
    return { items: [`${of} ${cursor ?? 'first'}`], next: follows[cursor ?? 'first'] ?? null }
  }
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 6; turn += 1) await nextTick()
  }
  const scope = effectScope()
  const pages = scope.run(() => usePages(() => filter.value, fetcher))!
  await settled()
  expect([pages.items.value, pages.nth.value, pages.hasNewer.value, pages.hasOlder.value]).toEqual([['lifted first'], 1, false, true])
  pages.older()
  await settled()
  pages.older()
  await settled()
  expect([pages.items.value, pages.nth.value, pages.hasOlder.value]).toEqual([['lifted c'], 3, false])
  pages.older()
  pages.newer()
  await settled()
  await pages.load.reload()
  expect(pages.items.value).toEqual(['lifted b'])
  filter.value = 'expired'
  await settled()
  expect([pages.items.value, pages.nth.value]).toEqual([['expired first'], 1])
  expect(asked).toEqual(['lifted first', 'lifted b', 'lifted c', 'lifted b', 'lifted b', 'expired first'])
  scope.stop()
})
