import type { Finding } from './api'

/** The page on which one of a finding's readings stands under the cursor. */
export function stationAt(finding: Pick<Finding, 'station' | 'sensor'>, time: string): string {
  return `/monitor/hazard/stations/${finding.station}?sensor=${finding.sensor}&at=${encodeURIComponent(time)}`
}
