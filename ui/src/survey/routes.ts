import type { RouteRecordRaw } from 'vue-router'

const needs = 'enterprise.read'

export const surveyRoutes: RouteRecordRaw[] = [
  {
    path: '/monitor/safety/enterprises',
    component: () => import('./enterprise/EnterpriseList.vue'),
    meta: {
      title: 'survey.enterprise.list',
      side: true,
      menu: { section: 'monitor', word: 'survey.enterprise.list', group: 'survey.group', needs },
    },
  },
  {
    path: '/monitor/safety/enterprises/:id',
    component: () => import('./enterprise/EnterprisePage.vue'),
    meta: { title: 'survey.enterprise.title', side: true, section: 'monitor', shows: { nouns: ['enterprise'], needs } },
  },
  {
    path: '/monitor/safety/sites',
    component: () => import('./site/SiteList.vue'),
    meta: {
      title: 'survey.site.list',
      side: true,
      menu: { section: 'monitor', word: 'survey.site.list', group: 'survey.group', needs },
    },
  },
  {
    path: '/monitor/safety/sites/:id',
    component: () => import('./site/SitePage.vue'),
    meta: { title: 'survey.site.title', side: true, section: 'monitor', shows: { nouns: ['site'], needs } },
  },
]
