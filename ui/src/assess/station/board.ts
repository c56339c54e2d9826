import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue'
import { useLoad, type Load } from '@/api/load'
import { useFacts, useReadings } from '@/app/live'
import { levels, listStanding, type Finding } from '../finding/api'
import { listStations, type JudgedStation, type Sensor, type Station, type StationFilter } from '@/sense/station/api'

export interface StationBoard {
  load: Load<Station[]>
  /** What stands on the stations; when it cannot be had, no level is shown and this says why. */
  findings: Load<Finding[]>
  /** The stations with their latest live readings and levels; a new array whenever one changed. */
  stations: ComputedRef<JudgedStation[]>
}

/** The stations of a scope, kept up by live readings and fetched again when facts touch them. */
export function useStationBoard(filter: () => StationFilter): StationBoard {
  const load = useLoad(filter, listStations)
  const findings = useLoad(
    () => 'active',
    (_, signal) => listStanding(signal),
  )
  const known = shallowRef<Station[]>([])
  let sensors = new Map<string, { station: Station; sensor: Sensor }>()

  watch(load.data, (loaded) => {
    known.value = loaded ?? []
    sensors = new Map(
      known.value.flatMap((station) => station.sensors.map((sensor) => [sensor.id, { station, sensor }] as const)),
    )
  })
  const stations = computed(() => {
    const level = levels(findings.data.value ?? [])
    return known.value.map((station) => ({ ...station, level: level.get(station.id) ?? null }))
  })

  useReadings((readings) => {
    let changed = false
    for (const [, id, , time, value, quality] of readings) {
      const found = sensors.get(id)
      // A reading from the future is kept by the server but is nobody's latest.
      if (!found || quality & 0b0100_0000) continue
      const latest = found.sensor.latest
      if (latest && Date.parse(latest.time) >= time && latest.value === value) continue
      // A late reading is stored, but it is not the latest.
      if (latest && Date.parse(latest.time) > time) continue
      const moment = new Date(time).toISOString()
      found.sensor.latest = { time: moment, value, quality, received: moment }
      found.station.last_contact = moment
      found.station.status = 'online'
      changed = true
    }
    if (changed) known.value = [...known.value]
  })

  const timers = new Set<ReturnType<typeof setTimeout>>()
  /** Facts come in bursts; one fetch in `wait` ms is enough. */
  const soon = (fetch: () => void, wait: number): (() => void) => {
    let timer: ReturnType<typeof setTimeout> | null = null
    return () => {
      if (timer !== null) return
      const begun = setTimeout(() => {
        timers.delete(begun)
        timer = null
        fetch()
      }, wait)
      timer = begun
      timers.add(begun)
    }
  }
  useFacts(['station.', 'sensor.'], soon(() => void load.reload(), 1000))
  useFacts(['finding.'], soon(() => void findings.reload(), 200))
  onScopeDispose(() => timers.forEach(clearTimeout))
  return { load, findings, stations }
}
