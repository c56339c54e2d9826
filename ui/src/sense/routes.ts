import type { RouteRecordRaw } from 'vue-router'

export const senseRoutes: RouteRecordRaw[] = [
  {
    path: '/data/sources',
    component: () => import('./source/SourcesPage.vue'),
    meta: {
      title: 'sense.source.title',
      side: true,
      status: true,
      menu: { section: 'data', word: 'sense.source.title', group: 'sense.source.group', needs: 'station.read' },
    },
  },
]
