import type { Level } from '@/kit/level'
import { clockTime, millis, nearTime } from '@/kit/time'
import { figure } from '@/sense/station/model'
import type { Act } from '../warning/acts'
import type { Warning } from '../warning/api'
import type { Finding } from '@/assess/finding/api'
import { ruleAt, stationAt } from '@/assess/finding/model'
import { lineIs } from '@/assess/rule/model'
import type { Fact } from './api'

/** A sentence of the catalogue below `alert.chain`, with its parameters. */
export interface Phrase {
  key: string
  with?: Record<string, string | number>
  strong?: boolean
}

/**
 * `fired`: on the path that led here. `plain`: a step that was taken. `waiting`: a person
 * must act, and it may be you. `red`: issued without review. `future`: not begun.
 */
export type Tone = 'fired' | 'plain' | 'waiting' | 'red' | 'future'

export const COLUMNS = ['reading', 'finding', 'warning', 'approval', 'delivery', 'response'] as const
export type Column = (typeof COLUMNS)[number]

/** One box of the causal chain. `to` is the page of its fact; `due` counts down. */
export interface Box {
  key: string
  column: Column
  tone: Tone
  title: Phrase
  lines: Phrase[]
  level?: Level
  to?: string
  due?: string
  /** What the caller may do here now. */
  acts: Act[]
}

/** `[from, to, begun]` between keys of boxes. */
export type Edge = [from: string, to: string, begun: boolean]

export interface Chain {
  boxes: Box[]
  edges: Edge[]
}

const phrase = (key: string, parameters?: Record<string, string | number>, strong = false): Phrase => ({
  key,
  ...(parameters ? { with: parameters } : {}),
  ...(strong ? { strong } : {}),
})

const said = (text: string | null | undefined): Phrase[] => (text?.trim() ? [phrase('said', { text: text.trim() })] : [])

/** `03:05:02.412`: the milliseconds say how fast the machine was. */
export function precise(moment: string): string {
  const ms = String(millis(moment) % 1000).padStart(3, '0')
  return `${clockTime(moment)}.${ms}`
}

const SIGNS = { at_or_above: '≥', at_or_below: '≤' } as const

const who = (fact: Fact | undefined): string => fact?.actor?.name ?? ''

const lineOf = (rule: Finding['rule'], quantity: string): string =>
  lineIs(rule) === 'quantity' ? figure(rule.threshold, quantity) : String(rule.threshold)

function readingBoxes(finding: Finding): Box[] {
  const last = finding.values.length - 1
  return finding.values.map((value, index) => ({
    key: `reading-${index}`,
    column: 'reading',
    tone: index === last ? 'fired' : 'plain',
    title: phrase('reading.title', {
      value: figure(value.value, finding.quantity),
      unit: finding.unit,
      time: clockTime(value.time),
    }),
    lines: [
      phrase('reading.nth', {
        nth: index + 1,
        sign: SIGNS[finding.rule.comparison],
        threshold: lineOf(finding.rule, finding.quantity),
      }),
      ...(value.frame ? [phrase('reading.frame', { frame: value.frame.slice(0, 8).toUpperCase() })] : []),
    ],
    to: stationAt(finding, value.time),
    acts: [],
  }))
}

function findingBox(finding: Finding): Box {
  const { rule } = finding
  const number = (value: number): string => figure(value, finding.quantity)
  return {
    key: 'finding',
    column: 'finding',
    tone: 'fired',
    level: finding.level,
    title: phrase('finding.title', { name: rule.name, version: rule.version }),
    lines: [
      phrase('finding.rule', {
        sign: SIGNS[rule.comparison],
        threshold: lineOf(rule, finding.quantity),
        unit: { quantity: finding.unit, seconds: 's', times: '' }[lineIs(rule)],
        times: rule.times,
        hysteresis: number(rule.hysteresis),
      }),
      phrase('finding.measured', { values: finding.values.map(({ value }) => number(value)).join(' → ') }),
      phrase('finding.raised', { time: precise(finding.raised_at), latency: finding.latency_ms }),
      ...(finding.cleared_at ? [phrase('finding.cleared', { time: clockTime(finding.cleared_at) }, true)] : []),
    ],
    to: ruleAt(finding),
    acts: [],
  }
}

function warningBox(warning: Warning, facts: Fact[], finding: Finding | null, today: number): Box {
  const proposed = facts.find((fact) => fact.kind === 'warning.proposed' && fact.subject === warning.id)
  const edited = facts.filter((fact) => fact.kind === 'warning.edited' && fact.subject === warning.id).at(-1)
  const lines: Phrase[] = []
  if (proposed) {
    const after = finding ? millis(proposed.at) - millis(finding.raised_at) : null
    lines.push(
      after !== null && after >= 0 && after < 60_000
        ? phrase('warning.proposedAfter', { time: precise(proposed.at), after: Math.round(after) })
        : phrase('warning.proposed', { time: nearTime(proposed.at, today) }),
    )
  }
  lines.push(warning.author ? phrase('warning.author', { name: warning.author.name }) : phrase('warning.byRule'))
  lines.push(phrase('warning.region', { region: warning.region_name }))
  if (edited) lines.push(phrase('warning.edited', { name: who(edited), time: nearTime(edited.at, today) }))
  if (warning.danger_passed_at && warning.closed_at === null) {
    lines.push(phrase('warning.passed', { time: nearTime(warning.danger_passed_at, today) }, true))
  }
  return {
    key: 'warning',
    column: 'warning',
    tone: 'fired',
    level: warning.level,
    title: phrase('warning.title', { title: warning.title }),
    lines,
    to: `/warn/${warning.id}`,
    acts: [],
  }
}

/** The steps of approval: those taken, the one that waits, those to come. */
function approvalBoxes(warning: Warning, today: number): Box[] {
  const by = (name: string, at: string): Phrase => phrase('approval.by', { name, time: nearTime(at, today) })
  const may = (acts: Act[]): Act[] => acts.filter((act) => (warning.allowed as readonly string[]).includes(act))
  const box = (key: string, tone: Tone, title: string, lines: Phrase[], acts: Act[] = []): Box => ({
    key,
    column: 'approval',
    tone,
    title: phrase(`approval.${title}`),
    lines,
    acts,
  })
  const boxes: Box[] = []

  if (warning.reviewer) {
    const { name, at, comment } = warning.reviewer
    boxes.push(box('review', 'plain', 'reviewed', [by(name, at), ...said(comment)]))
  } else if (warning.state === 'proposed') {
    boxes.push(box('review', 'waiting', 'reviewWaits', [], may(['review', 'return', 'edit', 'issue_urgent', 'discard'])))
  }

  if (warning.issuer) {
    const { name, at } = warning.issuer
    boxes.push(
      box('issue', 'fired', warning.urgent ? 'issuedUrgently' : 'issued', [
        by(name, at),
        ...said(warning.urgent?.reason),
        ...(warning.number ? [phrase('approval.number', { number: warning.number })] : []),
      ]),
    )
  } else if (warning.state === 'reviewed') {
    boxes.push(box('issue', 'waiting', 'issueWaits', [], may(['issue', 'return', 'edit', 'issue_urgent', 'discard'])))
  } else if (warning.state === 'returned') {
    const lines = warning.returned ? [by(warning.returned.name, warning.returned.at), ...said(warning.returned.reason)] : []
    boxes.push(box('returned', 'waiting', 'returned', lines, may(['edit', 'discard'])))
    boxes.push(box('issue', 'future', 'issueToCome', []))
  } else if (warning.state === 'proposed') {
    boxes.push(box('issue', 'future', 'issueToCome', []))
  }

  if (warning.urgent) {
    const { reviewed_at: at, reviewed_by: name, review_due: due, comment } = warning.urgent
    if (at !== null) boxes.push(box('after', 'plain', 'reviewedAfter', [by(name ?? '', at), ...said(comment)]))
    else boxes.push({ ...box('after', 'red', 'afterWaits', [], may(['review_after'])), due })
  }
  const { lifted, discarded, closed_at: closed } = warning
  if (lifted) boxes.push(box('lifted', 'plain', 'lifted', [by(lifted.name, lifted.at), ...said(lifted.reason)]))
  if (discarded) boxes.push(box('discarded', 'plain', 'discarded', [by(discarded.name, discarded.at), ...said(discarded.reason)]))
  if (warning.state === 'expired' || warning.state === 'superseded') {
    const end = box('closed', 'plain', warning.state, closed ? [phrase('approval.at', { time: nearTime(closed, today) })] : [])
    boxes.push(warning.superseded_by ? { ...end, to: `/warn/${warning.superseded_by}` } : end)
  }
  return boxes
}

function noticeBoxes(facts: Fact[], today: number): Box[] {
  return facts
    .filter((fact) => fact.kind === 'notice.sent')
    .map((sent) => {
      const later = facts.filter((fact) => fact.subject === sent.subject)
      const answered = later.find((fact) => fact.kind === 'notice.acknowledged')
      const overdue = later.find((fact) => fact.kind === 'notice.overdue')
      const lines = [phrase('notice.sent', { time: precise(sent.at) })]
      if (answered) lines.push(phrase('notice.answered', { name: who(answered), time: nearTime(answered.at, today) }))
      else if (overdue) lines.push(phrase('notice.overdue', { time: nearTime(overdue.at, today) }, true))
      else lines.push(phrase('notice.waits'))
      return {
        key: `notice-${sent.subject}`,
        column: 'delivery' as const,
        tone: 'plain' as const,
        title: phrase('notice.title'),
        lines,
        to: `/notices/${sent.subject}`,
        acts: [],
      }
    })
}

const TASK_ENDS: Record<string, string> = {
  'task.accepted': 'task.accepted',
  'task.finished': 'task.finished',
  'task.declined': 'task.declined',
  'task.cancelled': 'task.cancelled',
}

function responseBoxes(facts: Fact[], mayOpen: boolean, today: number): Box[] {
  const boxes: Box[] = facts
    .filter((fact) => fact.kind === 'incident.opened')
    .map((opened) => {
      const closed = facts.find((fact) => fact.kind === 'incident.closed' && fact.subject === opened.subject)
      return {
        key: `incident-${opened.subject}`,
        column: 'response' as const,
        tone: 'fired' as const,
        title: phrase('incident.title'),
        lines: [
          ...said(opened.summary?.title),
          phrase('incident.opened', { name: who(opened), time: nearTime(opened.at, today) }),
          ...(closed ? [phrase('incident.closed', { time: nearTime(closed.at, today) })] : []),
        ],
        to: `/command/incidents/${opened.subject}`,
        acts: [],
      }
    })
  for (const assigned of facts.filter((fact) => fact.kind === 'task.assigned')) {
    const last = facts.filter((fact) => fact.subject === assigned.subject && fact.kind in TASK_ENDS).at(-1)
    boxes.push({
      key: `task-${assigned.subject}`,
      column: 'response',
      tone: 'plain',
      title: phrase('task.title', { title: assigned.summary?.title ?? '' }),
      lines: [last ? phrase(TASK_ENDS[last.kind]!, { time: nearTime(last.at, today) }) : phrase('task.assigned', { time: nearTime(assigned.at, today) })],
      to: `/command/tasks/${assigned.subject}`,
      acts: [],
    })
  }
  if (boxes.length === 0) {
    boxes.push({ key: 'response', column: 'response', tone: 'future', title: phrase('future'), lines: [phrase('incident.none')], acts: mayOpen ? ['open_incident'] : [] })
  }
  return boxes
}

/**
 * The way from the readings to the tasks, as boxes in six columns and the lines between them.
 *
 * - `facts`: all facts of the thread, oldest first.
 * - `today`: server time in ms; times of another day carry their date.
 * - `mayOpen`: whether the caller may open an incident here.
 */
export function chain(
  warning: Warning | null,
  finding: Finding | null,
  facts: Fact[],
  today: number,
  mayOpen = false,
): Chain {
  const readings = finding ? readingBoxes(finding) : []
  const judged = finding ? [findingBox(finding)] : []
  const warned = warning ? [warningBox(warning, facts, finding, today)] : []
  if (warning?.supersedes) {
    warned.push({
      key: 'before',
      column: 'warning',
      tone: 'plain',
      title: phrase('warning.before'),
      lines: [phrase('warning.beforeText')],
      to: `/warn/${warning.supersedes}`,
      acts: [],
    })
  }
  const approval = warning ? approvalBoxes(warning, today) : []
  const notices = noticeBoxes(facts, today)
  const response = responseBoxes(facts, mayOpen, today)

  if (!finding && warning) {
    readings.push({ key: 'by-hand', column: 'reading', tone: 'plain', title: phrase('byHand.title'), lines: [phrase('byHand.text', { name: warning.author?.name ?? '' })], acts: [] })
  }
  const edges: Edge[] = []
  const link = (from: Box | undefined, to: Box | undefined): void => {
    if (from && to) edges.push([from.key, to.key, from.tone !== 'future' && to.tone !== 'future'])
  }
  for (const reading of readings) link(reading, judged[0] ?? warned[0])
  link(judged[0], warned[0])
  link(warned[0], approval[0])
  approval.slice(1).forEach((box, index) => link(approval[index], box))
  for (const notice of notices) link(judged[0], notice)
  const decisive = approval.find((box) => box.key === 'issue') ?? approval.at(-1)
  link(decisive, response[0])
  for (const box of response.slice(1)) link(response[0], box)
  return { boxes: [...readings, ...judged, ...warned, ...approval, ...notices, ...response], edges }
}

/** The next box from `key` by an arrow: a neighbour in its column, or the nearest of the next column. */
export function neighbour(boxes: Box[], key: string | null, arrow: 'left' | 'right' | 'up' | 'down'): string | null {
  const at = boxes.find((box) => box.key === key)
  if (!at) return boxes[0]?.key ?? null
  const peers = boxes.filter((box) => box.column === at.column)
  const place = peers.indexOf(at)
  if (arrow === 'up' || arrow === 'down') return peers[place + (arrow === 'down' ? 1 : -1)]?.key ?? at.key
  const step = arrow === 'right' ? 1 : -1
  for (let column = COLUMNS.indexOf(at.column) + step; column >= 0 && column < COLUMNS.length; column += step) {
    const there = boxes.filter((box) => box.column === COLUMNS[column])
    if (there.length > 0) return there[Math.min(place, there.length - 1)]!.key
  }
  return at.key
}
