import type { RouteRecordRaw } from 'vue-router'

export const senseRoutes: RouteRecordRaw[] = [
  {
    path: '/monitor/hazard/stations',
    component: () => import('./station/StationList.vue'),
    meta: {
      title: 'sense.station.list',
      side: true,
      menu: { section: 'monitor', word: 'sense.station.list', group: 'sense.group', needs: 'station.read' },
    },
  },
  {
    path: '/monitor/hazard/stations/:id',
    component: () => import('./station/StationPage.vue'),
    meta: { title: 'sense.station.title', side: true, section: 'monitor' },
  },
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
