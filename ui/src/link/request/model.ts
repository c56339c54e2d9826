import type { NodeRequest, RequestState } from './api'

export const STATES = ['made', 'accepted', 'refused', 'expired'] as const satisfies readonly RequestState[]

/** Whether this node asks, is asked, or only hears of it. */
export function direction(request: Pick<NodeRequest, 'origin' | 'to'>, own: string | null): 'out' | 'in' | 'other' {
  if (request.origin === own) return 'out'
  return request.to === own ? 'in' : 'other'
}

/** What a request of the kind `task.assign` says; `null` for what does not read as one. */
export interface WantedTask {
  incident: string
  title: string
  detail: string
  due_at: string
}

export function wantedTask(request: Pick<NodeRequest, 'kind' | 'body'>): WantedTask | null {
  if (request.kind !== 'task.assign' || typeof request.body !== 'object' || request.body === null) return null
  const { incident, title, detail, due_at } = request.body as Record<string, unknown>
  if (typeof incident !== 'string' || typeof title !== 'string' || typeof due_at !== 'string') return null
  return { incident, title, detail: typeof detail === 'string' ? detail : '', due_at }
}

/** The task that was made of a request that was done. */
export function madeTask(request: Pick<NodeRequest, 'kind' | 'state' | 'answer'>): string | null {
  if (request.kind !== 'task.assign' || request.state !== 'accepted' || typeof request.answer !== 'object' || request.answer === null) return null
  const { task } = request.answer as Record<string, unknown>
  return typeof task === 'string' ? task : null
}

/** In which words a request was answered; `null` when the answer is no text. */
export const answerText = (request: Pick<NodeRequest, 'answer'>): string | null => (typeof request.answer === 'string' ? request.answer : null)

/** Whether its limit has passed while nobody has recorded that yet. */
export const lapsed = (request: Pick<NodeRequest, 'state' | 'until'>, now: number): boolean => request.state === 'made' && Date.parse(request.until) <= now

/** A kind's key in the catalogue: its name without the dot. */
export const kindKey = (kind: string): string => kind.replace('.', '_')
