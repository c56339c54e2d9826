import type { RouteRecordRaw } from 'vue-router'

export const importRoutes: RouteRecordRaw[] = [
  {
    path: '/survey/imports',
    component: () => import('./ImportsPage.vue'),
    meta: {
      title: 'imports.title',
      side: true,
      menu: { section: 'data', word: 'imports.title', group: 'imports.group', needs: 'import.run' },
    },
  },
]
