import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

export type Person = Schema['Person']

export type Task = Schema['Task']
export type TaskState = Task['state']
export type TaskAct = Task['allowed'][number]

/** Somebody who may be given a task. */
export type Holder = Schema['Holder']

export type NewTask = Schema['AssignTask']

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

/** A task that another node is asked for, and how long an answer is waited for. */
export type AskTask = Schema['AskTask']

/** Asks the node that owns an incident for a task in it. */
export const askTask = async (key: string, incident: string, task: AskTask): Promise<Schema['TaskAsked']> =>
  (await api.post<Schema['TaskAsked']>(`/incidents/${incident}/task-requests`, task, { key })).body
