import type { Task } from './api'

/** An assigned task for tests, with what the test wants otherwise. */
export const task = (over: Partial<Task> = {}): Task => ({
  id: 't',
  number: 'R-0214',
  incident: 'i',
  incident_title: '液氨泄漏',
  region: '220221',
  title: '福康养老院 64 人转移',
  detail: '',
  assignee: { person: 'p', name: '赵启明' },
  state: 'assigned',
  assigned_at: '2026-08-02T19:00:00Z',
  assigned_by: null,
  accept_by: '2026-08-02T19:10:00Z',
  due_at: '2026-08-02T19:30:00Z',
  accepted_at: null,
  ended_at: null,
  done_at: null,
  overdue: false,
  was_late: false,
  report: null,
  allowed: [],
  ...over,
})
