import { watch } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import { onSignedOut } from '@/api/client'
import { i18n, speakWhole } from '@/text'
import { useLive } from './live'
import { useNode } from './node'
import { pageTheme } from './preferences'
import { home, routes } from './routes'
import { useSession } from './session'
import { baseOf, worldName } from './world/name'
import { useWorld } from './world/store'

export const router = createRouter({ history: createWebHistory(baseOf(worldName)), routes })

/** An address of ours to return to after sign-in, or the home page. */
export function returnTo(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/'
}

router.beforeEach(async (to) => {
  const node = useNode()
  const session = useSession()
  if (!node.face) await node.load().catch(() => null)
  if (node.face?.first_start && to.path !== '/first-start') return '/first-start'
  if (node.face && !node.face.first_start && to.path === '/first-start') return '/sign-in'
  if (!session.asked && node.face && !node.face.first_start) await session.load().catch(() => null)
  if (to.meta.public) return true
  // Only an answer makes a stranger of somebody.
  if (!session.asked) return { path: '/no-answer', query: { next: to.fullPath } }
  if (!session.current) return { path: '/sign-in', query: to.path === '/' ? {} : { next: to.fullPath } }
  await speakWhole()
  // Ages and countdowns are by this world's clock, so it comes before any page.
  const world = useWorld()
  if (worldName !== null && world.view === null) await world.load().catch(() => null)
  if (to.path === '/') return home(session.may) ?? true
  return true
})

router.afterEach((to) => {
  pageTheme.value = to.meta.theme ?? 'light'
})

/**
 * Leaves for the sign-in page by loading it anew: nothing that the last person
 * was shown stays in memory, not even on the map.
 */
export function toSignIn(query: Record<string, string> = {}): void {
  const search = new URLSearchParams(query).toString()
  location.assign(`${baseOf(worldName)}sign-in${search ? `?${search}` : ''}`)
}

/** Leaves a page whose session has ended: nothing of it stays, and the wall says so to the room. */
function toEnd(): void {
  const { meta, fullPath } = router.currentRoute.value
  if (meta.endedAt) location.assign(`${baseOf(worldName)}${meta.endedAt}`)
  else toSignIn({ next: fullPath, ended: '1' })
}

/** Starts what follows the route and the session for as long as the page lives. */
export function followSession(): void {
  const session = useSession()
  const live = useLive()
  const node = useNode()

  onSignedOut(() => {
    if (session.current === null) return
    session.take(null)
    toEnd()
  })

  watch(
    () => session.current?.person.id ?? null,
    (person) => (person === null ? live.stop() : live.start()),
    { immediate: true },
  )

  // A stream that does not open may mean that our session has ended: only an ordinary call says so.
  live.onFailure((attempt) => {
    if (attempt < 2 || session.current === null) return
    void session.load().then((found) => {
      if (found === null) toEnd()
    }, () => {})
  })

  watch(
    () => [router.currentRoute.value.meta.title, node.face?.name, i18n.global.locale.value] as const,
    ([title, name]) => {
      const { t } = i18n.global
      document.title = [title ? t(title) : null, name ?? null, t('app.name')].filter(Boolean).join(' · ')
    },
    { immediate: true },
  )
}
