import { loadNotice, type Notice } from '@/alert/notice/api'
import { loadWarning } from '@/alert/warning/acts'
import type { Warning } from '@/alert/warning/api'
import { loadIncident, type Incident } from '../incident/api'
import { loadTask, type Task } from '../task/api'
import type { Item, ItemKind } from './api'

/** The object behind a row; kinds without more to tell than the row itself are `plain`. */
export type Subject =
  | { kind: 'warning'; warning: Warning }
  | { kind: 'notice'; notice: Notice }
  | { kind: 'task'; task: Task }
  | { kind: 'incident'; incident: Incident }
  | { kind: 'plain' }

export async function loadSubject(kind: ItemKind, id: string, signal?: AbortSignal): Promise<Subject> {
  switch (kind) {
    case 'warning':
      return { kind, warning: await loadWarning(id, signal) }
    case 'notice':
      return { kind, notice: await loadNotice(id, signal) }
    case 'task':
      return { kind, task: await loadTask(id, signal) }
    case 'incident':
      return { kind, incident: await loadIncident(id, signal) }
    case 'waiting':
    case 'intake':
      return { kind: 'plain' }
  }
}

/** The thread of a subject; `null` when it begins none. */
export function threadOf(subject: Subject | null): string | null {
  if (subject?.kind === 'warning') return subject.warning.correlation
  if (subject?.kind === 'notice') return subject.notice.correlation
  if (subject?.kind === 'incident') return subject.incident.correlation
  return null
}

export const subjectKey = (item: Item | null): { kind: ItemKind; id: string } | null =>
  item === null ? null : { kind: item.kind, id: item.id }
