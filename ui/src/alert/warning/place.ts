import { useLoad } from '@/api/load'
import { listRegions, type Region } from '@/map/api'
import { loadStation, type Station } from '@/sense/station/api'

type Box = [west: number, south: number, east: number, north: number]

/** Degrees shown around a point: about 20 km. */
const AROUND = 0.2

/** What the map shows for a thing with a point, else with a region; `null` when it has neither. */
export function frame(point: { lon: number; lat: number } | null, region: Region | undefined): Box | null {
  if (point) return [point.lon - AROUND, point.lat - AROUND, point.lon + AROUND, point.lat + AROUND]
  return region?.bbox ?? null
}

/** Where the sign of a thing stands: its own point, else the label point of its region. */
export function signAt(point: { lon: number; lat: number } | null, region: Region | undefined): [number, number] | null {
  return point ? [point.lon, point.lat] : (region?.label ?? null)
}

export const useRegions = () =>
  useLoad(
    () => 'regions',
    () => listRegions(),
  )

/** The station of a thing, when it has one. */
export const useStation = (id: () => string | null) =>
  useLoad<Station, string>(id, (station, signal) => loadStation(station, signal))
