import type { RouteRecordRaw } from 'vue-router'

export const atlasRoutes: RouteRecordRaw[] = [
  {
    path: '/atlas/regions',
    component: () => import('./region/RegionsPage.vue'),
    meta: {
      title: 'atlas.region.title',
      side: true,
      menu: { section: 'data', word: 'atlas.region.title', group: 'atlas.group', needs: 'import.run' },
    },
  },
  {
    path: '/atlas/boundaries',
    component: () => import('./boundary/BoundariesPage.vue'),
    meta: {
      title: 'atlas.boundary.title',
      side: true,
      menu: { section: 'data', word: 'atlas.boundary.title', group: 'atlas.group', needs: 'import.run' },
    },
  },
  {
    path: '/atlas/calendar',
    component: () => import('./calendar/CalendarPage.vue'),
    meta: {
      title: 'atlas.calendar.title',
      side: true,
      menu: { section: 'data', word: 'atlas.calendar.title', group: 'atlas.group', needs: 'import.run' },
    },
  },
]
