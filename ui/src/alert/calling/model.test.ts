import { expect, test } from 'vitest'
import type { Call, CallingPerson } from './api'
import { aboutPath, answered, isOpen, saysMost, told, toPhone } from './model'

const call = (channel: Call['channel'], state: Call['state']): Call => ({ channel, state, at: '2026-08-03T00:05:00Z', times: 0, why: null, words: null, by: null })
const person = (contact: string, ...calls: Call[]): CallingPerson => ({ contact, name: contact, duty: '', calls })
const step = (nth: number, ...people: CallingPerson[]) => ({ step: nth, wait_s: 300, channels: [], people })

test('an answer says more than a refusal, and that more than what was tried', () => {
  expect(saysMost(person('a', call('in_app', 'placed'), call('phone', 'answered')))?.state).toBe('answered')
  expect(saysMost(person('a', call('in_app', 'refused'), call('phone', 'missed')))?.state).toBe('refused')
  expect(saysMost(person('a'))).toBeNull()
  expect(answered([person('a', call('phone', 'answered')), person('b')])).toBe(1)
})

test('whoever was told can be phoned, the newest step first, each once', () => {
  const steps = [step(1, person('a', call('phone', 'missed'))), step(2, person('b', call('phone', 'to_dial')), person('a', call('phone', 'to_dial'))), step(3, person('c'))]
  expect(told({ steps, step: 2 }).map((each) => each.contact)).toEqual(['b', 'a'])
  expect(toPhone({ steps, step: 2 })).toBe('b')
  expect(toPhone({ steps, step: 1 })).toBe('a')
  expect(toPhone({ steps: [], step: 0 })).toBeNull()
})

test('whoever has refused is not the first to be phoned again', () => {
  const steps = [step(1, person('a', call('in_app', 'refused'), call('phone', 'to_dial')), person('b', call('phone', 'to_dial')))]
  expect(toPhone({ steps, step: 1 })).toBe('b')
})

test('it is open while nobody has answered, and leads to what it is about', () => {
  expect((['calling', 'exhausted', 'answered', 'ended'] as const).filter((state) => isOpen({ state }))).toEqual(['calling', 'exhausted'])
  expect(aboutPath({ noun: 'warning', id: 'w' })).toBe('/warn/w')
  expect(aboutPath({ noun: 'notice', id: 'n' })).toBe('/notices/n')
})
