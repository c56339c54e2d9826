import { expect, test } from 'vitest'
import { createI18n } from 'vue-i18n'
import en from '@/text/en'
import zhCN from '@/text/zh-CN'
import type { TrailEntry } from '../api'
import { accountText, noteText } from './model'

const i18n = createI18n({ legacy: false, locale: 'zh-CN', messages: { 'zh-CN': zhCN, en } })
const words = {
  t: (key: string, params: Record<string, unknown> = {}) => i18n.global.t(key, params),
  te: (key: string) => i18n.global.te(key),
}

const entry = (kind: string, over: Partial<TrailEntry> = {}): TrailEntry => ({
  seq: 1,
  at: '2026-08-03T03:14:26Z',
  kind,
  actor: null,
  via: 'web',
  account: null,
  source: null,
  count: 1,
  data: {},
  subject: null,
  concerns: null,
  silent: null,
  ...over,
})
const say = (language: 'zh-CN' | 'en', line: TrailEntry): string => {
  i18n.global.locale.value = language
  return noteText(words, line)
}

test('whose call was read is in the line, and not who called', () => {
  const line = entry('intake.viewed', {
    data: { started_at: '2026-08-03T00:00:00Z' },
    concerns: { person: 'p', name: '韩立春' },
  })
  expect(say('zh-CN', line)).toBe('查看来电原文：韩立春登记，2026-08-03 08:00:00 来电')
  expect(say('en', line)).toBe('Read a call in clear: taken by 韩立春, of 2026-08-03 08:00:00')
  expect(say('en', { ...line, concerns: null, data: { started_at: null } })).toBe('Read a call in clear: taken by —, of —')
})

test('a value that has a word is told by it', () => {
  expect(say('zh-CN', entry('session.refused', { data: { reason: 'locked' } }))).toBe('登录被拒：锁定中')
  expect(say('zh-CN', entry('session.refused', { data: { reason: 'lunar' } }))).toBe('登录被拒：lunar')
  const opened = entry('world.opened', { data: { kind: 'drill', world: 'flood-2026', purpose: '防汛演练', until: null } })
  expect(say('zh-CN', opened)).toBe('打开演练 flood-2026（内容 防汛演练，时刻 —）')
})

test('a name that is no account is told by its mark', () => {
  i18n.global.locale.value = 'zh-CN'
  expect(accountText(words, entry('session.refused', { account: 'unknown:3fa2c81b' }))).toBe('未知账号 3fa2c81b')
  expect(accountText(words, entry('session.refused', { account: 'zhou' }))).toBe('zhou')
  expect(accountText(words, entry('session.closed'))).toBe('—')
})

test('what this page or this node does not know is shown and not dropped', () => {
  expect(say('en', entry('lamp.dreamt_of', { silent: 'newer' }))).toBe('Unknown kind lamp.dreamt_of, written by a newer program')
  expect(say('en', entry('lamp.dreamt_of', { data: { depth: 3, at: null } }))).toBe('lamp.dreamt_of · depth 3 · at —')
})
