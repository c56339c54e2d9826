import type { RouteRecordRaw } from 'vue-router'

/** The wall fills its screen, so it stands outside the shell. */
export const wallRoutes: RouteRecordRaw[] = [
  {
    path: '/wall',
    component: () => import('./WallPage.vue'),
    meta: {
      title: 'wall.title',
      theme: 'dark',
      endedAt: 'wall/ended',
      menu: { section: 'duty', word: 'wall.title', group: 'respond.duty.title', needs: 'duty.read' },
    },
  },
  {
    path: '/wall/ended',
    component: () => import('./WallEndedPage.vue'),
    meta: { public: true, title: 'app.wallEnded.title', theme: 'dark' },
  },
]
