import { defineAsyncComponent } from 'vue'
import type { RouteRecordRaw } from 'vue-router'
import { fillOutlet } from '@/app/outlets'

fillOutlet('bar.alarm', defineAsyncComponent(() => import('./alarm/AlarmBell.vue')))

const command = { section: 'command', side: false, theme: 'dark' } as const

export const respondRoutes: RouteRecordRaw[] = [
  {
    path: '/duty',
    component: () => import('./duty/DutyPage.vue'),
    meta: {
      title: 'respond.duty.title',
      theme: 'dark',
      status: true,
      menu: { section: 'duty', word: 'respond.duty.title', group: 'respond.duty.title', needs: 'duty.read' },
    },
  },
  {
    path: '/duty/handovers',
    component: () => import('./handover/HandoverList.vue'),
    meta: {
      title: 'respond.handover.list',
      status: true,
      menu: { section: 'duty', word: 'respond.handover.list', group: 'respond.duty.title', needs: 'handover.read' },
    },
  },
  {
    path: '/duty/handovers/:id',
    component: () => import('./handover/HandoverPage.vue'),
    meta: { section: 'duty', title: 'respond.handover.one', status: true, shows: { nouns: ['handover'], needs: 'handover.read' } },
  },
  {
    path: '/command/incidents',
    component: () => import('./incident/IncidentList.vue'),
    meta: {
      ...command,
      side: true,
      title: 'respond.incident.list',
      menu: { section: 'command', word: 'respond.incident.list', group: 'respond.group', needs: 'incident.read' },
    },
  },
  {
    path: '/command/incidents/:id',
    component: () => import('./incident/IncidentPage.vue'),
    meta: { ...command, title: 'respond.incident.one', status: true, shows: { nouns: ['incident'], needs: 'incident.read' } },
  },
  {
    path: '/command/tasks',
    component: () => import('./task/TaskBoard.vue'),
    meta: {
      ...command,
      side: true,
      title: 'respond.task.board',
      status: true,
      menu: { section: 'command', word: 'respond.task.board', group: 'respond.group', needs: 'task.read' },
    },
  },
  {
    path: '/command/tasks/:id',
    component: () => import('./task/TaskBoard.vue'),
    meta: { ...command, side: true, title: 'respond.task.board', status: true, shows: { nouns: ['task'], needs: 'task.read' } },
  },
  {
    path: '/command/intake',
    component: () => import('./intake/IntakeList.vue'),
    meta: {
      ...command,
      side: true,
      title: 'respond.intake.list',
      menu: { section: 'command', word: 'respond.intake.list', group: 'respond.group', needs: 'intake.write' },
    },
  },
  {
    path: '/command/intake/:id',
    component: () => import('./intake/IntakePage.vue'),
    meta: { ...command, title: 'respond.intake.title', shows: { nouns: ['intake'], needs: 'intake.read' } },
  },
  {
    path: '/command/response-times',
    component: () => import('./response_time/ResponseTimePage.vue'),
    meta: {
      ...command,
      side: true,
      title: 'respond.time.title',
      menu: { section: 'command', word: 'respond.time.title', group: 'respond.group', needs: 'response.read' },
    },
  },
]
