import type { Finding } from './api'

/** What a finding is of: a station's readings, or an earthquake. */
type Of = Pick<Finding, 'station' | 'sensor' | 'shaken'>

/** The page of the earthquake that a finding is of; `null` for one of readings. */
export const quakeOf = ({ shaken }: Pick<Finding, 'shaken'>): string | null => (shaken ? `/monitor/hazard/earthquakes/${shaken.earthquake}` : null)

/** The page of what judges: the rule at its station, or the earthquake with its estimate. */
export const ruleAt = (finding: Pick<Finding, 'station' | 'shaken' | 'rule'>): string =>
  quakeOf(finding) ?? `/monitor/hazard/stations/${finding.station}?rule=${finding.rule.id}`

/** The page on which one of a finding's readings stands under the cursor; that of the earthquake for one of an estimate. */
export function stationAt(finding: Of, time: string): string {
  const quake = quakeOf(finding)
  if (quake) return quake
  return `/monitor/hazard/stations/${finding.station}?sensor=${finding.sensor}&at=${encodeURIComponent(time)}`
}
