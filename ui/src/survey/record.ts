import { computed, ref, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { useLoad } from '@/api/load'
import { now } from '@/app/clock'
import { useQuery } from '@/app/query'
import { useSession } from '@/app/session'
import { useKeys } from '@/kit/keys'
import type { Schema } from '@/api/schema'
import { endOfDay, steps, today, type Step } from './model'

/** What every register says of a record. */
interface Kept {
  state: Schema['RegisterState'] | null
  place?: unknown
}

/**
 * The page of one record of a register: the day that it is shown as of, its tab, what may
 * be asked of it, and the keys that do so.
 *
 * - `list`: where the register is.
 * - `More`: what may be asked beside a change and the steps of its life.
 */
export function useRecord<R extends Kept, More extends string = never>(list: string, loadOne: (id: string, at: string | null, signal?: AbortSignal) => Promise<R>) {
  const { t } = useI18n()
  const route = useRoute()
  const router = useRouter()
  const session = useSession()
  const { keep, text } = useQuery()

  const id = computed(() => String(route.params.id))
  const last = computed(() => today(now.value))
  const day = computed({
    get: () => (/^\d{4}-\d\d-\d\d$/.test(text('on') ?? '') ? text('on') : null),
    set: (chosen) => keep({ on: chosen ?? undefined }),
  })
  const load = useLoad(
    () => ({ id: id.value, at: day.value === null ? null : endOfDay(day.value) }),
    (wanted, signal) => loadOne(wanted.id, wanted.at, signal),
  )
  const record: ComputedRef<R | null> = computed(() => load.data.value)
  const notYet = computed(() => day.value !== null && load.error.value?.code === 'not-found')
  const tab = computed<string>({
    get: () => text('tab') ?? 'overview',
    set: (chosen) => keep({ tab: chosen === 'overview' ? undefined : chosen }),
  })

  const writable = computed(() => day.value === null && session.may('enterprise.register') && record.value?.state !== 'closed')
  const asked = ref<'change' | Step | More | null>(null)
  const possible = computed(() => (writable.value ? steps(record.value?.state) : []))
  const step = computed(() => possible.value.find((each) => each === asked.value) ?? null)

  const onMap = (): void => void router.push({ path: '/map', query: { source: id.value } })
  useKeys([
    { key: 'e', word: () => t('survey.change'), when: () => writable.value, run: () => (asked.value = 'change') },
    { key: 'm', word: () => t('survey.onMap'), when: () => record.value?.place != null, run: onMap },
    { key: 'Escape', word: () => t('survey.back'), run: () => void router.push(list) },
  ])
  /** A version out of its history, shown as the record was then. */
  const opened = (version: { at: string }): void => keep({ on: today(Date.parse(version.at)), tab: undefined })

  return { id, last, day, load, record, notYet, tab, writable, asked, possible, step, onMap, opened }
}
