import type { Level } from '@/kit/level'
import type { Desk, Item } from '../duty/api'
import { keyOf } from '../duty/model'

/** What sounds: a grave matter that waits for this person and that nobody has taken. */
export interface Call {
  key: string
  level: Extract<Level, 'red' | 'orange'>
  item: Item
}

/** Acts whose absence is worth waking somebody; a reminder of a warning's end is not. */
const WAKING: readonly Item['action'][] = ['acknowledge', 'verify', 'review', 'issue', 'review_after', 'accept', 'handle']

/** The calls of a desk, in its order. */
export function calls(groups: Desk['groups']): Call[] {
  return groups.mine.flatMap((item) => {
    const { level } = item
    if (level !== 'red' && level !== 'orange') return []
    if (item.owner !== null || !WAKING.includes(item.action)) return []
    return [{ key: keyOf(item, 'mine'), level, item }]
  })
}

/** Those that were not silenced. */
export const ringing = (all: readonly Call[], silenced: ReadonlySet<string>): Call[] =>
  all.filter(({ key }) => !silenced.has(key))

/** What is silenced of what there is still: one that comes again rings again. */
export const stillSilenced = (all: readonly Call[], silenced: ReadonlySet<string>): Set<string> =>
  new Set(all.map(({ key }) => key).filter((key) => silenced.has(key)))
