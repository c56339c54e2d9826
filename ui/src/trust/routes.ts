import type { RouteRecordRaw } from 'vue-router'

export const trustRoutes: RouteRecordRaw[] = [
  {
    path: '/iam/accounts',
    component: () => import('./account/AccountPage.vue'),
    meta: {
      title: 'trust.account.title',
      side: true,
      menu: {
        section: 'support',
        word: 'trust.account.title',
        group: 'trust.group',
        needs: 'account.list',
      },
      shows: { nouns: ['account', 'person'], needs: 'account.list', query: 'account' },
    },
  },
  {
    path: '/iam/trail',
    component: () => import('./trail/TrailPage.vue'),
    meta: {
      title: 'trust.trail.title',
      side: true,
      menu: {
        section: 'support',
        word: 'trust.trail.title',
        group: 'trust.group',
        needs: 'trail.read',
      },
    },
  },
]
