import type { RouteRecordRaw } from 'vue-router'

const page = { side: true } as const

export const linkRoutes: RouteRecordRaw[] = [
  {
    path: '/link/requests',
    component: () => import('./request/RequestsPage.vue'),
    meta: {
      ...page,
      theme: 'dark',
      title: 'link.request.title',
      status: true,
      menu: { section: 'command', word: 'link.request.title', group: 'link.group', needs: 'request.read' },
    },
  },
  {
    path: '/link/custody',
    component: () => import('./custody/CustodyPage.vue'),
    meta: {
      ...page,
      theme: 'dark',
      title: 'link.custody.title',
      menu: { section: 'command', word: 'link.custody.title', group: 'link.group', needs: 'custody.take' },
    },
  },
  {
    path: '/link/errands',
    component: () => import('./errand/ErrandsPage.vue'),
    meta: {
      ...page,
      title: 'link.errand.title',
      menu: { section: 'support', word: 'link.errand.title', group: 'link.group', needs: 'errand.read' },
    },
  },
  {
    path: '/link/neighbours',
    component: () => import('./neighbour/NeighboursPage.vue'),
    meta: {
      ...page,
      title: 'link.neighbour.title',
      menu: { section: 'support', word: 'link.neighbour.title', group: 'link.group', needs: 'node.trust' },
    },
  },
  {
    path: '/link/segments',
    component: () => import('./segment/SegmentsPage.vue'),
    meta: {
      ...page,
      title: 'link.segment.title',
      menu: { section: 'support', word: 'link.segment.title', group: 'link.group', needs: 'segment.exchange' },
    },
  },
  {
    path: '/link/node',
    component: () => import('./node/NodePage.vue'),
    meta: {
      ...page,
      title: 'link.health.title',
      menu: { section: 'support', word: 'link.health.title', group: 'link.group', needs: 'node.health' },
    },
  },
]
