import type { RouteRecordRaw } from 'vue-router'

export const senseRoutes: RouteRecordRaw[] = [
  {
    path: '/data/sources',
    component: () => import('./source/SourcesPage.vue'),
    meta: {
      title: 'sense.source.title',
      side: true,
      status: true,
      shows: { nouns: ['waiting'], needs: 'waiting.admit' },
      menu: { section: 'data', word: 'sense.source.title', group: 'sense.source.group', needs: 'station.read' },
    },
  },
]
