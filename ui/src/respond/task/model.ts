import { millis } from '@/kit/time'
import type { Person, Task, TaskAct } from './api'

export const COLUMNS = ['assigned', 'accepted', 'done', 'ended'] as const
export type Column = (typeof COLUMNS)[number]

/** Declined and cancelled tasks share the last column: nobody works on them any more. */
export function column(task: Pick<Task, 'state'>): Column {
  return task.state === 'declined' || task.state === 'cancelled' ? 'ended' : task.state
}

/** The limit that runs now; `null` when none does. */
export function limit(task: Pick<Task, 'state' | 'accept_by' | 'due_at'>): string | null {
  if (task.state === 'assigned') return millis(task.accept_by) < millis(task.due_at) ? task.accept_by : task.due_at
  return task.state === 'accepted' ? task.due_at : null
}

/** Whether the limit that runs has passed at `now` (ms). */
export function late(task: Pick<Task, 'state' | 'accept_by' | 'due_at'>, now: number): boolean {
  const until = limit(task)
  return until !== null && millis(until) <= now
}

/** Late cards first, then by the limit that runs out next; closed ones the latest first. */
export function byUrgency(now: number): (a: Task, b: Task) => number {
  return (a, b) => {
    const [until, other] = [limit(a), limit(b)]
    if (until === null || other === null) {
      if (until !== null) return -1
      if (other !== null) return 1
      return (b.ended_at ?? b.assigned_at).localeCompare(a.ended_at ?? a.assigned_at)
    }
    return Number(late(b, now)) - Number(late(a, now)) || millis(until) - millis(other) || a.number.localeCompare(b.number)
  }
}

/** The cards of each column, in their order. */
export function columns(tasks: Task[], now: number): Record<Column, Task[]> {
  const made: Record<Column, Task[]> = { assigned: [], accepted: [], done: [], ended: [] }
  for (const task of [...tasks].sort(byUrgency(now))) made[column(task)].push(task)
  return made
}

/** The next step of whoever has the task; everything else is a second thought. */
export function primary(task: Pick<Task, 'allowed'>): TaskAct | null {
  if (task.allowed.includes('accept')) return 'accept'
  return task.allowed.includes('finish') ? 'finish' : null
}

export function secondary(task: Pick<Task, 'allowed'>): TaskAct[] {
  return task.allowed.filter((act) => act === 'decline' || act === 'cancel')
}

/** How much of the time between the assignment and the limit has gone, 0 to 1. */
export function progress(task: Task, now: number): number {
  const until = limit(task)
  if (until === null) return 1
  const from = millis(task.state === 'accepted' && task.accepted_at ? task.accepted_at : task.assigned_at)
  const whole = millis(until) - from
  return whole <= 0 ? 1 : Math.max(0, Math.min(1, (now - from) / whole))
}

/** The card reached from `id` by a key; columns without cards are stepped over. */
export function neighbour(board: Record<Column, Task[]>, id: string | null, key: 'h' | 'j' | 'k' | 'l'): string | null {
  const order = COLUMNS.filter((name) => board[name].length > 0)
  const at = order.findIndex((name) => board[name].some((task) => task.id === id))
  if (at < 0) return order[0] ? board[order[0]][0]!.id : null
  const cards = board[order[at]!]
  const place = cards.findIndex((task) => task.id === id)
  if (key === 'j' || key === 'k') return cards[place + (key === 'j' ? 1 : -1)]?.id ?? id
  const there = order[at + (key === 'l' ? 1 : -1)]
  if (!there) return id
  return board[there][Math.min(place, board[there].length - 1)]!.id
}

/** Everybody to whom one of these tasks was given, by name: who is known of another node's people. */
export function known(tasks: readonly Pick<Task, 'assignee'>[]): Person[] {
  const people = new Map(tasks.map(({ assignee }) => [assignee.person, assignee]))
  return [...people.values()].sort((a, b) => a.name.localeCompare(b.name, 'zh-CN'))
}
