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
  {
    path: '/data/connect',
    component: () => import('./sender/ConnectPage.vue'),
    meta: {
      title: 'sense.sender.connect',
      side: true,
      status: true,
      menu: { section: 'data', word: 'sense.sender.connect', group: 'sense.source.group', needs: 'station.register' },
    },
  },
  {
    path: '/data/persons',
    component: () => import('./person/PersonFilesPage.vue'),
    meta: {
      title: 'sense.person.title',
      side: true,
      status: true,
      shows: { nouns: ['person_file'], needs: 'station.read', query: 'file' },
      menu: { section: 'data', word: 'sense.person.title', group: 'sense.source.group', needs: 'station.read' },
    },
  },
  {
    path: '/data/retention',
    component: () => import('./retention/RetentionPage.vue'),
    meta: {
      title: 'sense.retention.title',
      side: true,
      status: true,
      shows: { nouns: ['hold'], needs: 'retention.read', query: 'hold' },
      menu: { section: 'data', word: 'sense.retention.title', group: 'sense.source.group', needs: 'retention.read' },
    },
  },
  {
    path: '/monitor/hazard/earthquakes',
    component: () => import('./quake/QuakeList.vue'),
    meta: {
      title: 'sense.quake.title',
      side: true,
      menu: { section: 'monitor', word: 'sense.quake.title', group: 'sense.group', needs: 'earthquake.read' },
    },
  },
  {
    path: '/monitor/hazard/earthquakes/:id',
    component: () => import('./quake/QuakePage.vue'),
    meta: { title: 'sense.quake.title', side: true, section: 'monitor', shows: { nouns: ['earthquake'], needs: 'earthquake.read' } },
  },
  {
    path: '/data/stations/:id',
    component: () => import('./sender/LinePage.vue'),
    meta: { title: 'sense.sender.point.title', section: 'data', side: true, status: true },
  },
]
