import { DATUM_NAMES, degrees, placeForm, type PlaceForm } from '@/survey/model'
import { sourcePath } from '@/survey/placed'
import type { StationPlace } from './api'

type Stands = Pick<StationPlace, 'point' | 'original'>

/** What a form starts with: the numbers as they were given, or ours where those were not kept. */
export function given({ point, original }: Stands): PlaceForm {
  if (original) return placeForm({ point: point ?? { lon: 0, lat: 0 }, ...original })
  return point ? { x: String(point.lon), y: String(point.lat), datum: 'cgcs2000' } : placeForm(null)
}

/** `126.750000, 42.970000`, in CGCS2000; `null` where nobody knows. */
export const ours = ({ point }: Stands): string | null => (point ? `${degrees(point.lon)}, ${degrees(point.lat)}` : null)

/** What stands beside our own numbers: the paper's, where they are others. */
export const onPaper = ({ original }: Stands): { x: number; y: number; datum: string } | null =>
  original && original.datum !== 'cgcs2000' ? { x: original.original[0]!, y: original.original[1]!, datum: DATUM_NAMES[original.datum] } : null

/** Where the record is that a station stands at. */
export const sitePath = ({ id, kind }: StationPlace['sites'][number]): string => sourcePath({ id, noun: kind === null ? 'enterprise' : 'site' })
