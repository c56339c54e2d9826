import { defineAsyncComponent } from 'vue'
import type { RouteRecordRaw } from 'vue-router'
import { fillOutlet } from '@/app/outlets'

fillOutlet('finding.outcome', defineAsyncComponent(() => import('./chain/OutcomeLinks.vue')))
fillOutlet('shell.called', defineAsyncComponent(() => import('./calling/OwnBand.vue')))

export const alertRoutes: RouteRecordRaw[] = [
  {
    path: '/warn',
    component: () => import('./warning/WarningList.vue'),
    meta: {
      title: 'alert.title',
      side: true,
      menu: { section: 'monitor', word: 'alert.title', group: 'alert.group', needs: 'warning.read' },
    },
  },
  {
    path: '/warn/:id',
    component: () => import('./warning/WarningPage.vue'),
    meta: { title: 'alert.page', side: true, section: 'monitor', status: true, shows: { nouns: ['warning'], needs: 'warning.read' } },
  },
  {
    path: '/received',
    component: () => import('./received/ReceivedList.vue'),
    meta: {
      title: 'alert.received.title',
      side: true,
      menu: { section: 'monitor', word: 'alert.received.title', group: 'alert.group', needs: 'received.read' },
    },
  },
  {
    path: '/received/:id',
    component: () => import('./received/ReceivedList.vue'),
    meta: { title: 'alert.received.title', side: true, section: 'monitor', shows: { nouns: ['received'], needs: 'received.read' } },
  },
  {
    path: '/notices',
    component: () => import('./notice/NoticeList.vue'),
    meta: {
      title: 'alert.notice.title',
      side: true,
      menu: { section: 'monitor', word: 'alert.notice.title', group: 'alert.group', needs: 'notice.read' },
    },
  },
  {
    path: '/notices/:id',
    component: () => import('./notice/NoticeList.vue'),
    meta: { title: 'alert.notice.title', side: true, section: 'monitor', shows: { nouns: ['notice'], needs: 'notice.read' } },
  },
  {
    path: '/callings',
    component: () => import('./calling/CallingList.vue'),
    meta: {
      title: 'alert.calling.title',
      side: true,
      menu: { section: 'command', word: 'alert.calling.title', group: 'trust.contact.group', needs: 'calling.read' },
    },
  },
  {
    path: '/callings/:id',
    component: () => import('./calling/CallingList.vue'),
    meta: { title: 'alert.calling.title', side: true, section: 'command', shows: { nouns: ['calling'], needs: 'calling.read' } },
  },
  {
    path: '/ladders',
    component: () => import('./ladder/LadderList.vue'),
    meta: {
      title: 'alert.ladder.title',
      side: true,
      menu: { section: 'command', word: 'alert.ladder.title', group: 'trust.contact.group', needs: 'ladder.read' },
      shows: { nouns: ['ladder'], needs: 'ladder.read', query: 'ladder' },
    },
  },
]
