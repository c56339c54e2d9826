import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import { listInForceAt, type Warning } from '@/alert/warning/api'
import { api } from '@/api/client'
import { useLoad, type Load } from '@/api/load'
import { levels, listStoodAt, type Finding } from '@/assess/finding/api'
import { bySeverity } from '@/kit/level'
import { listRanAt, type Incident } from '@/respond/incident/api'
import type { JudgedStation } from '@/sense/station/api'

/** Station, sensor, quantity, ms, value, quality. */
type Row = [string, string, string, number, number, number]

/** What was known at a moment. */
export interface Known {
  /** ms since 1970 */
  at: number
  rows: Row[]
  findings: Finding[]
  warnings: Warning[]
  incidents: Incident[]
}

export interface Past {
  /** The request for the moment asked for. */
  load: Load<Known>
  /** What is on the screen: of the moment asked for, or of the one before until that has come. */
  shown: ComputedRef<Known | null>
  /** For the lists: they keep what is shown while another moment is fetched. */
  face: ComputedRef<'loading' | 'failed' | 'stale' | 'ready'>
}

/**
 * What was known, in force and running at `at` (ms); nothing is asked while it is `null`.
 *
 * - `mayIncidents`: whether the caller sees incidents at all.
 */
export function usePast(at: () => number | null, mayIncidents: boolean): Past {
  const load = useLoad(at, async (moment, signal): Promise<Known> => {
    const time = new Date(moment).toISOString()
    const [rows, findings, warnings, incidents] = await Promise.all([
      api.get<Row[]>('/readings/latest', { at: time }, signal),
      listStoodAt(time, signal),
      listInForceAt(time, signal),
      mayIncidents ? listRanAt(time, signal) : Promise.resolve([]),
    ])
    return { at: moment, rows, findings, warnings, incidents }
  })
  const kept = shallowRef<Known | null>(null)
  watch([load.data, at], ([data, moment]) => {
    if (moment === null) kept.value = null
    else if (data !== null) kept.value = data
  })
  const face = computed(() => {
    if (kept.value === null) return load.error.value ? 'failed' : 'loading'
    return load.error.value ? 'stale' : 'ready'
  })
  return { load, shown: computed(() => kept.value), face }
}

/**
 * The stations as they were known then: those registered by then or already heard, with
 * the readings and levels of that moment and nothing that came later.
 */
export function stationsAt(stations: readonly JudgedStation[], known: Pick<Known, 'at' | 'rows' | 'findings'>): JudgedStation[] {
  const latest = new Map(known.rows.map((row) => [row[1], row]))
  const level = levels(known.findings)
  return stations.flatMap((station) => {
    const heard = station.sensors.flatMap((sensor) => latest.get(sensor.id)?.[3] ?? [])
    if (heard.length === 0 && Date.parse(station.registered_at) > known.at) return []
    return [
      {
        ...station,
        level: level.get(station.id) ?? null,
        status: heard.length > 0 ? ('online' as const) : ('silent' as const),
        last_contact: heard.length > 0 ? new Date(Math.max(...heard)).toISOString() : null,
        sensors: station.sensors.map((sensor) => {
          const row = latest.get(sensor.id)
          if (!row) return { ...sensor, latest: null }
          const time = new Date(row[3]).toISOString()
          return { ...sensor, latest: { time, value: row[4], quality: row[5], received: time } }
        }),
      },
    ]
  })
}

/** The gravest first, then the newest, as the live list has them. */
export function byGravity(warnings: readonly Warning[]): Warning[] {
  const issued = (warning: Warning): string => warning.content.issued_at ?? warning.issuer?.at ?? ''
  return [...warnings].sort((a, b) => bySeverity(a.level, b.level) || issued(b).localeCompare(issued(a)))
}
