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
  {
    path: '/contacts',
    component: () => import('./contact/ContactBook.vue'),
    meta: {
      title: 'trust.contact.title',
      side: true,
      menu: { section: 'command', word: 'trust.contact.title', group: 'trust.contact.group', needs: 'contact.read' },
      shows: { nouns: ['contact'], needs: 'contact.read', query: 'contact' },
    },
  },
]
