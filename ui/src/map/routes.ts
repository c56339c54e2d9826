import type { RouteRecordRaw } from 'vue-router'

export const mapRoutes: RouteRecordRaw[] = [
  {
    path: '/map',
    component: () => import('./MapPage.vue'),
    meta: {
      title: 'map.title',
      theme: 'dark',
      menu: { section: 'map', word: 'map.title', group: 'map.title', needs: 'station.read' },
    },
  },
]
