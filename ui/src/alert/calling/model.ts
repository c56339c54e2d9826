import type { Call, Calling, CallingPerson } from './api'

/** Whether somebody is still to answer. */
export const isOpen = (calling: Pick<Calling, 'state'>): boolean => calling.state === 'calling' || calling.state === 'exhausted'

/** The page of what people are told of. */
export const aboutPath = (about: Calling['about']): string => (about.noun === 'warning' ? `/warn/${about.id}` : `/notices/${about.id}`)

/** The line that says most about somebody: an answer, a refusal, else the first that is there. */
export function saysMost(person: Pick<CallingPerson, 'calls'>): Call | null {
  return person.calls.find((call) => call.state === 'answered') ?? person.calls.find((call) => call.state === 'refused') ?? person.calls[0] ?? null
}

/** Everybody of the steps that were taken, once each, from the newest step on: whom one may have phoned. */
export function told(calling: Pick<Calling, 'steps' | 'step'>): CallingPerson[] {
  const people: CallingPerson[] = []
  for (const step of [...calling.steps].reverse()) {
    if (step.step > calling.step) continue
    for (const person of step.people) if (!people.some((each) => each.contact === person.contact)) people.push(person)
  }
  return people
}

/** Whom to phone first: somebody of the newest step of whom nothing has come yet. */
export function toPhone(calling: Pick<Calling, 'steps' | 'step'>): string | null {
  const people = told(calling)
  const waits = (person: CallingPerson): boolean => person.calls.some((call) => call.channel === 'phone' && call.state === 'to_dial')
  const silent = (person: CallingPerson): boolean => !person.calls.some((call) => call.state === 'answered' || call.state === 'refused')
  return (people.find((each) => waits(each) && silent(each)) ?? people.find(silent) ?? people[0])?.contact ?? null
}

/** How many of a step have answered. */
export const answered = (people: readonly Pick<CallingPerson, 'calls'>[]): number => people.filter((person) => saysMost(person)?.state === 'answered').length
