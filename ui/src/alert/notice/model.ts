import type { Notice } from './api'

export type NoticeAct = 'acknowledge' | 'verify' | 'feedback'

/** What one may do about a notice, the most wanted first. */
export function acts(notice: Pick<Notice, 'state'>, may: (permission: string) => boolean): NoticeAct[] {
  const { state } = notice
  const wanted: NoticeAct[] = []
  if (may('notice.acknowledge')) {
    if (state === 'sent' || state === 'overdue') wanted.push('acknowledge')
    else if (state !== 'closed') wanted.push('verify')
  }
  if (may('notice.feedback') && state !== 'closed') wanted.push('feedback')
  return wanted
}

/** The limit of the step it stands at. */
export const limitOf = (notice: Pick<Notice, 'step' | 'due_at' | 'verify_by'>): string | null =>
  notice.step === 'acknowledge' ? notice.due_at : notice.step === 'verify' ? (notice.verify_by ?? null) : null

export interface Line {
  key: string
  kind: 'sent' | 'overdue' | 'acknowledged' | 'escalated' | 'check' | 'unverified' | 'closed'
  at: string
  late: boolean
  check?: Notice['checks'][number]
  escalation?: Notice['escalations'][number]
}

/** What happened to a notice, in order: its steps, what was said of it, how far up it went. */
export function linesOf(notice: Notice): Line[] {
  const lines: Line[] = [{ key: 'sent', kind: 'sent', at: notice.sent_at, late: false }]
  const missed = (at: string | null, done: string | null, kind: 'overdue' | 'unverified', now: boolean): void => {
    if (at !== null && (now || (done !== null && at <= done))) lines.push({ key: kind, kind, at, late: true })
  }
  const { acknowledged } = notice
  missed(notice.due_at, acknowledged?.at ?? null, 'overdue', notice.state === 'overdue')
  if (acknowledged) lines.push({ key: 'acknowledged', kind: 'acknowledged', at: acknowledged.at, late: notice.due_at <= acknowledged.at })
  const first = notice.checks.find((check) => check.side === 'desk' && check.verdict !== 'checking')
  missed(notice.verify_by ?? null, first?.at ?? null, 'unverified', notice.state === 'unverified')
  notice.escalations.forEach((escalation, nth) => lines.push({ key: `up-${nth}`, kind: 'escalated', at: escalation.at, late: true, escalation }))
  notice.checks.forEach((check, nth) => lines.push({ key: `check-${nth}`, kind: 'check', at: check.at, late: false, check }))
  if (notice.closed_at) lines.push({ key: 'closed', kind: 'closed', at: notice.closed_at, late: false })
  return lines.map((line, nth) => ({ line, nth })).sort((a, b) => a.line.at.localeCompare(b.line.at) || a.nth - b.nth).map(({ line }) => line)
}
