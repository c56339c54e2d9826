import { onScopeDispose, ref, type Ref } from 'vue'
import { api, realUrl, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'
import type { Level } from '@/kit/level'
import { nodeNow } from '../clock'
import type { LiveFact } from '../live'

/** A warning that was issued in the real world while another one is on the screen. */
export interface RealWarning {
  id: string
  level: Level
  title: string
  at: string
}

const RETRY_MS = 3_000
const GRAVE: readonly unknown[] = ['red', 'orange']

/**
 * Listens to the real world as long as the component lives, and keeps the red and
 * orange warnings that are issued there. What was missed while the line was down is
 * sent again by the server, or looked up when it cannot.
 */
export function useRealWarnings(): Ref<RealWarning[]> {
  const heard = ref<RealWarning[]>([])
  const since = nodeNow()
  let seq = 0
  let source: EventSource | null = null
  let retry: ReturnType<typeof setTimeout> | null = null

  function keep(warning: RealWarning): void {
    if (!heard.value.some((each) => each.id === warning.id)) heard.value = [...heard.value, warning]
  }

  async function lookUp(): Promise<void> {
    const page = await api.real<Page<Schema['Warning']>>('/warnings', { state: 'issued', limit: 200 })
    for (const { id, level, title, content } of page.items) {
      const at = content.issued_at
      if (at !== null && Date.parse(at) >= since && GRAVE.includes(level)) keep({ id, level, title, at })
    }
  }

  function open(): void {
    const stream = new EventSource(realUrl('/live', { after: seq || null }))
    source = stream
    stream.addEventListener('hello', (event) => {
      if (seq === 0) seq = (JSON.parse(event.data) as { seq: number }).seq
    })
    stream.addEventListener('fact', (event) => {
      const fact = JSON.parse(event.data) as LiveFact
      if (fact.seq <= seq) return
      seq = fact.seq
      const { level, subject_title: title } = fact.summary
      if (fact.kind !== 'warning.issued' || !GRAVE.includes(level)) return
      keep({ id: fact.subject, level: level as Level, title: typeof title === 'string' ? title : (fact.summary.title ?? ''), at: fact.at })
    })
    stream.addEventListener('reset', (event) => {
      seq = (JSON.parse(event.data) as { seq: number }).seq
      // A failure here is tried again with the next reset; the stream itself goes on.
      void lookUp().catch(() => {})
    })
    stream.addEventListener('error', () => {
      if (source !== stream) return
      stream.close()
      retry = setTimeout(open, RETRY_MS)
    })
  }

  open()
  onScopeDispose(() => {
    if (retry !== null) clearTimeout(retry)
    source?.close()
    source = null
  })
  return heard
}
