import { api, type Page } from '@/api/client'

// Written by hand after crates/respond until the generated schema replaces it.

export interface Person {
  person: string
  name: string
}

export type TaskState = 'assigned' | 'accepted' | 'done' | 'declined' | 'cancelled'
export type TaskAct = 'accept' | 'decline' | 'finish' | 'cancel'

export interface Task {
  id: string
  /** `R-0217` */
  number: string
  incident: string
  incident_title: string
  region: string
  title: string
  detail: string
  assignee: Person
  state: TaskState
  assigned_at: string
  assigned_by: Person | null
  accept_by: string
  due_at: string
  accepted_at: string | null
  /** When it was done, declined or cancelled. */
  ended_at: string | null
  done_at: string | null
  /** A limit that still runs has passed. */
  overdue: boolean
  /** A limit passed at some time, whatever came after. */
  was_late: boolean
  /** What was reported, or why it was declined or cancelled. */
  report: string | null
  allowed: TaskAct[]
}

/** Somebody who may be given a task. */
export interface Holder extends Person {
  org: string | null
  region: string
}

export interface NewTask {
  title: string
  detail: string
  assignee: string
  due_at: string
}

export interface TaskFilter {
  incident?: string | null
  mine?: boolean | null
}

/** Closed tasks are many; a board shows the latest of each kind. */
const CLOSED_SHOWN = 40

/** Every open task of the filter and the latest closed ones. */
export async function loadBoard(filter: TaskFilter, signal?: AbortSignal): Promise<Task[]> {
  const query = { incident: filter.incident, mine: filter.mine || null }
  const closed = (state: TaskState) => api.get<Page<Task>>('/tasks', { ...query, state, limit: CLOSED_SHOWN }, signal)
  const [open, ...rest] = await Promise.all([
    api.all<Task>('/tasks', { ...query, state: 'open' }, signal),
    closed('done'),
    closed('declined'),
    closed('cancelled'),
  ])
  return [...open, ...rest.flatMap((page) => page.items)]
}

export const listOfIncident = (incident: string, signal?: AbortSignal) => api.all<Task>('/tasks', { incident }, signal)

export const loadTask = (id: string, signal?: AbortSignal) => api.get<Task>(`/tasks/${id}`, {}, signal)

export async function listPeople(signal?: AbortSignal): Promise<Holder[]> {
  return (await api.get<Page<Holder>>('/people', { permission: 'task.do' }, signal)).items
}

export const assign = async (key: string, incident: string, task: NewTask): Promise<Task> =>
  (await api.post<Task>(`/incidents/${incident}/tasks`, task, { key })).body

/** `text` is the report of `finish`, the reason of `decline` and `cancel`; `accept` takes none. */
export async function step(key: string, id: string, act: TaskAct, text: string): Promise<Task> {
  const body = act === 'accept' ? {} : act === 'finish' ? { report: text } : { reason: text }
  return (await api.post<Task>(`/tasks/${id}/${act}`, body, { key })).body
}
