import type { RouteRecordRaw } from 'vue-router'

/** A station is shown with what judges it, so its pages are of this stage. */
export const assessRoutes: RouteRecordRaw[] = [
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
    path: '/monitor/hazard/silences',
    component: () => import('./silence/SilencePage.vue'),
    meta: {
      title: 'sense.silence.title',
      side: true,
      shows: { nouns: ['silence'], needs: 'finding.read', query: 'silence' },
      menu: { section: 'monitor', word: 'sense.silence.title', group: 'sense.group', needs: 'finding.read' },
    },
  },
  {
    path: '/monitor/hazard/rules',
    component: () => import('./rule/RulesPage.vue'),
    meta: {
      title: 'sense.rules.title',
      side: true,
      menu: { section: 'monitor', word: 'sense.rules.title', group: 'sense.group', needs: 'rule.read' },
    },
  },
  {
    path: '/monitor/hazard/stations/:id',
    component: () => import('./station/StationPage.vue'),
    meta: { title: 'sense.station.title', side: true, section: 'monitor', shows: { nouns: ['station'], needs: 'station.read' } },
  },
]
