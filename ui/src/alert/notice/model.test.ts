import { expect, test } from 'vitest'
import type { Notice } from './api'
import { acts, limitOf, linesOf } from './model'

const at = (minute: string): string => `2026-08-03T00:${minute}:00.000Z`
const notice = (over: Partial<Notice> = {}): Notice =>
  ({ state: 'sent', step: 'acknowledge', sent_at: at('05'), due_at: at('15'), verify_by: null, acknowledged: null, checks: [], escalations: [], closed_at: null, ...over }) as Notice
const up = (minute: string): Notice['escalations'][number] => ({
  at: at(minute), from: '220282', from_name: '桦甸市', to: '220200', to_name: '吉林市', why: 'acknowledge', told: true,
})
const says = (minute: string, verdict: 'confirmed' | 'checking', side: 'desk' | 'enterprise' = 'desk'): Notice['checks'][number] => ({
  at: at(minute), side, verdict, words: '', person: null, by: '周牧',
})

test('who stands at the desk takes, then verifies; an enterprise says what it found until it is closed', () => {
  const desk = (permission: string): boolean => permission === 'notice.acknowledge'
  const mine = (permission: string): boolean => permission === 'notice.feedback'
  const states = ['sent', 'overdue', 'acknowledged', 'unverified', 'verified', 'closed'] as const
  expect(states.map((state) => acts({ state }, desk)[0] ?? '-')).toEqual(['acknowledge', 'acknowledge', 'verify', 'verify', 'verify', '-'])
  expect(states.map((state) => acts({ state }, mine)[0] ?? '-')).toEqual([...Array(5).fill('feedback'), '-'])
  expect(acts({ state: 'sent' }, () => false)).toEqual([])
})

test('the limit is that of the step it stands at', () => {
  expect(limitOf(notice())).toBe(at('15'))
  expect(limitOf(notice({ step: 'verify', verify_by: at('45') }))).toBe(at('45'))
  expect(limitOf(notice({ step: null }))).toBeNull()
})

test('lines stand in the order in which they happened, and say what was late', () => {
  const acknowledged = { person: null, by: '周牧', at: at('20'), feedback: null }
  const taken = notice({ state: 'unverified', step: 'verify', acknowledged, verify_by: at('50'), escalations: [up('15')], checks: [says('22', 'checking'), says('18', 'confirmed', 'enterprise')] })
  expect(linesOf(taken).map(({ kind, late }) => `${kind}${late ? '!' : ''}`)).toEqual(['sent', 'overdue!', 'escalated!', 'check', 'acknowledged!', 'check', 'unverified!'])
})

test('what was done in time misses nothing', () => {
  const acknowledged = { person: null, by: '周牧', at: at('10'), feedback: null }
  const done = notice({ state: 'closed', step: null, acknowledged, verify_by: at('40'), checks: [says('30', 'confirmed')], closed_at: at('59') })
  expect(linesOf(done).map(({ kind }) => kind)).toEqual(['sent', 'acknowledged', 'check', 'closed'])
})
