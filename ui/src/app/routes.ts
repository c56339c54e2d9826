import type { RouteRecordRaw } from 'vue-router'
import { alertRoutes } from '@/alert/routes'
import { atlasRoutes } from '@/atlas/routes'
import { assessRoutes } from '@/assess/routes'
import { linkRoutes } from '@/link/routes'
import { mapRoutes } from '@/map/routes'
import { respondRoutes } from '@/respond/routes'
import { senseRoutes } from '@/sense/routes'
import { surveyRoutes } from '@/survey/routes'
import { importRoutes } from '@/survey/imports/routes'
import { wallRoutes } from '@/respond/wall/routes'
import { trustRoutes } from '@/trust/routes'
import { entries } from './menu'

/** Pages without the shell; they load before anybody is known. */
const open: RouteRecordRaw[] = [
  {
    path: '/sign-in',
    component: () => import('@/trust/SignInPage.vue'),
    meta: { public: true, title: 'trust.signIn.title', theme: 'light' },
  },
  {
    path: '/first-start',
    component: () => import('@/trust/FirstStartPage.vue'),
    meta: { public: true, title: 'trust.firstStart.title', theme: 'light' },
  },
  {
    path: '/no-answer',
    component: () => import('./NoAnswerPage.vue'),
    meta: { public: true, title: 'app.noAnswer.title', theme: 'light' },
  },
]

/** Pages inside the shell, in the order of the menus. */
export const shellRoutes: RouteRecordRaw[] = [
  ...mapRoutes,
  ...respondRoutes,
  ...surveyRoutes,
  ...assessRoutes,
  ...senseRoutes,
  ...importRoutes,
  ...atlasRoutes,
  ...alertRoutes,
  ...trustRoutes,
  ...linkRoutes,
]

/** Every page that a menu may name: those of the shell, and those that fill the screen. */
export const menuRoutes: RouteRecordRaw[] = [...shellRoutes, ...wallRoutes]

/**
 * Where a signed-in person starts: the duty desk when they have one, else their
 * first page; `null` for a person without any.
 */
export function home(may: (permission: string) => boolean): string | null {
  const allowed = entries(shellRoutes).filter((entry) => entry.needs === undefined || may(entry.needs))
  const first = allowed.find((entry) => entry.section === 'duty') ?? allowed[0]
  return first?.path ?? null
}

export const routes: RouteRecordRaw[] = [
  ...open,
  ...wallRoutes,
  {
    path: '/',
    component: () => import('./Shell.vue'),
    children: [
      // The guard sends everybody on from here who has a page at all.
      { path: '', component: () => import('./NoPage.vue'), meta: { title: 'app.noPage.title' } },
      ...shellRoutes,
      {
        path: '/:rest(.*)*',
        component: () => import('./NotFoundPage.vue'),
        meta: { title: 'app.notFound.title' },
      },
    ],
  },
]
