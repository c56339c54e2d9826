import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { useLoad, type Load } from '@/api/load'
import { useFacts, useReadings } from '@/app/live'
import { listStations, type Sensor, type Station, type StationFilter } from './api'

/** Facts after which a station's row may be another: what it is, or what is found on it. */
const KINDS = ['station.', 'sensor.', 'finding.']

export interface StationBoard {
  load: Load<Station[]>
  /** The stations with their latest live readings; a new array each time something changed. */
  stations: ShallowRef<Station[]>
}

/** The stations of a scope, kept up by live readings and refetched when facts touch them. */
export function useStationBoard(filter: () => StationFilter): StationBoard {
  const load = useLoad(filter, listStations)
  const stations = shallowRef<Station[]>([])
  let sensors = new Map<string, { station: Station; sensor: Sensor }>()

  watch(load.data, (loaded) => {
    stations.value = loaded ?? []
    sensors = new Map(
      stations.value.flatMap((station) => station.sensors.map((sensor) => [sensor.id, { station, sensor }] as const)),
    )
  })

  useReadings((readings) => {
    let changed = false
    for (const [, id, , time, value, quality] of readings) {
      const found = sensors.get(id)
      // A reading from the future is kept by the server but is nobody's latest.
      if (!found || quality & 0b0100_0000) continue
      const known = found.sensor.latest
      if (known && Date.parse(known.time) >= time && known.value === value) continue
      // A late reading is stored, but it is not the latest.
      if (known && Date.parse(known.time) > time) continue
      const moment = new Date(time).toISOString()
      found.sensor.latest = { time: moment, value, quality, received: moment }
      found.station.last_contact = moment
      found.station.status = 'online'
      changed = true
    }
    if (changed) stations.value = [...stations.value]
  })

  let timer: ReturnType<typeof setTimeout> | null = null
  useFacts(KINDS, () => {
    // Facts come in bursts; one fetch a second is enough.
    timer ??= setTimeout(() => {
      timer = null
      void load.reload()
    }, 1000)
  })
  onScopeDispose(() => {
    if (timer !== null) clearTimeout(timer)
  })
  return { load, stations }
}
