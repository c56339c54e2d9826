import { isCas, typedNumber } from '../model'
import type { Particulars, Site, SiteKind, Substance } from './api'

/** One field of what is said of a site, as the form asks for it and the page shows it. */
export interface FieldOf {
  /** Its name in the API, and the end of the key of its word. */
  key: string
  as: 'number' | 'count' | 'text' | 'choice' | 'day' | 'cas' | 'substances'
  unit?: string
  choices?: readonly string[]
  required?: boolean | ((form: Record<string, string>) => boolean)
  /** Whether it is asked for, by what is chosen so far. */
  when?: (form: Record<string, string>) => boolean
  /** Its value lies above that of this field, or not below it, or not above it. */
  above?: string
  least?: string
  most?: string | ((form: Record<string, string>) => string | null)
}

/** The field that says how high a level can be in a tank of that shape. */
const top = ({ shape }: Record<string, string>): string | null => (shape === 'vertical' ? 'height_m' : shape === 'other' ? null : 'diameter_m')


const underground = (form: Record<string, string>): boolean => form.method !== 'open_pit'

/** The fields of each kind, in the order of the form. */
export const FIELDS: Record<SiteKind, readonly FieldOf[]> = {
  mine: [
    { key: 'mineral', as: 'choice', choices: ['coal', 'metal', 'non_metal'], required: true },
    { key: 'method', as: 'choice', choices: ['underground', 'open_pit', 'both'], required: true },
    { key: 'gas_grade', as: 'choice', choices: ['low', 'high', 'outburst'], required: true, when: (form) => form.mineral === 'coal' && underground(form) },
    { key: 'approved_people', as: 'count', required: true, when: underground },
    { key: 'capacity_t', as: 'number', unit: 't/a' },
    { key: 'depth_m', as: 'number', unit: 'm' },
  ],
  pond: [
    { key: 'dam', as: 'choice', choices: ['upstream', 'centre_line', 'downstream', 'one_step', 'dry'], required: true },
    { key: 'grade', as: 'choice', choices: ['1', '2', '3', '4', '5'], required: true },
    { key: 'height_m', as: 'number', unit: 'm', required: true },
    { key: 'volume_m3', as: 'number', unit: 'm³', required: true },
    { key: 'crest_m', as: 'number', unit: 'm' },
    { key: 'final_crest_m', as: 'number', unit: 'm', least: 'crest_m' },
    { key: 'flood_level_m', as: 'number', unit: 'm', most: 'crest_m' },
    { key: 'control_level_m', as: 'number', unit: 'm', most: 'flood_level_m' },
    { key: 'min_freeboard_m', as: 'number', unit: 'm' },
    { key: 'min_beach_m', as: 'number', unit: 'm' },
    { key: 'min_phreatic_depth_m', as: 'number', unit: 'm' },
    { key: 'max_rise_m', as: 'number', unit: 'm/a' },
    { key: 'people_downstream', as: 'count' },
  ],
  hazard_source: [
    { key: 'unit', as: 'choice', choices: ['tank_farm', 'warehouse', 'production'], required: true },
    { key: 'substances', as: 'substances', required: true },
    { key: 'grade', as: 'choice', choices: ['', '1', '2', '3', '4'] },
    { key: 'r', as: 'number' },
    { key: 'people_within_500_m', as: 'count' },
    { key: 'filing_number', as: 'text' },
    { key: 'filed_on', as: 'day' },
    { key: 'valid_until', as: 'day', least: 'filed_on' },
  ],
  tank: [
    { key: 'medium', as: 'text', required: true },
    { key: 'cas', as: 'cas' },
    { key: 'shape', as: 'choice', choices: ['vertical', 'horizontal', 'sphere', 'other'], required: true },
    { key: 'roof', as: 'choice', choices: ['', 'fixed', 'external_floating', 'internal_floating'], when: (form) => form.shape === 'vertical' },
    { key: 'diameter_m', as: 'number', unit: 'm' },
    { key: 'height_m', as: 'number', unit: 'm' },
    { key: 'volume_m3', as: 'number', unit: 'm³', required: true },
    { key: 'design_max_t', as: 'number', unit: 't' },
    { key: 'level_min_m', as: 'number', unit: 'm' },
    { key: 'level_max_m', as: 'number', unit: 'm', above: 'level_min_m', most: top },
    { key: 'pressure_min_kpa', as: 'number', unit: 'kPa' },
    { key: 'pressure_max_kpa', as: 'number', unit: 'kPa', above: 'pressure_min_kpa' },
    { key: 'temperature_min_c', as: 'number', unit: '℃' },
    { key: 'temperature_max_c', as: 'number', unit: '℃', above: 'temperature_min_c' },
  ],
  fireworks_building: [
    { key: 'use', as: 'choice', choices: ['workshop', 'transit', 'store'], required: true },
    { key: 'hazard_class', as: 'choice', choices: ['1.1-1', '1.1-2', '1.3'], required: true },
    { key: 'process', as: 'text' },
    { key: 'rated_people', as: 'count', required: (form) => form.use === 'workshop' },
    { key: 'rated_charge_kg', as: 'number', unit: 'kg', required: (form) => form.use !== 'workshop' },
  ],
}

/** A row of substances as it is typed. */
export interface SubstanceForm {
  name: string
  cas: string
  design_max_t: string
}

export const noSubstance = (): SubstanceForm => ({ name: '', cas: '', design_max_t: '' })

/** What is said of a site, without its kind around it. */
export function said(particulars: Particulars): Record<string, unknown> {
  return Object.values(particulars)[0] as Record<string, unknown>
}

/** What is said, as texts for the form. */
export function formOf(kind: SiteKind, particulars: Particulars | null): { texts: Record<string, string>; substances: SubstanceForm[] } {
  const known = particulars ? said(particulars) : {}
  const texts: Record<string, string> = {}
  for (const field of FIELDS[kind]) {
    if (field.as === 'substances') continue
    const value = known[field.key]
    texts[field.key] = value == null ? ((field.as === 'choice' && field.choices?.[0]) || '') : String(value)
  }
  const substances = ((known.substances as Substance[] | undefined) ?? []).map((each) => ({
    name: each.name,
    cas: each.cas ?? '',
    design_max_t: String(each.design_max_t),
  }))
  return { texts, substances: kind === 'hazard_source' && substances.length === 0 ? [noSubstance()] : substances }
}

export type FieldFault = { why: 'required' | 'number' | 'count' | 'cas' } | { why: 'above' | 'least' | 'most'; than: string }

/** Numbers by their size, days by the calendar; what does not read is no more and no less. */
function order(field: FieldOf, one: string, other: string): number {
  if (one.trim() === '' || other.trim() === '') return Number.NaN
  if (field.as === 'day') return one === other ? 0 : one < other ? -1 : 1
  return (typedNumber(one) ?? Number.NaN) - (typedNumber(other) ?? Number.NaN)
}

function against(field: FieldOf, texts: Record<string, string>): FieldFault | null {
  const own = texts[field.key] ?? ''
  const most = typeof field.most === 'function' ? field.most(texts) : field.most
  if (field.above && order(field, own, texts[field.above] ?? '') <= 0) return { why: 'above', than: field.above }
  if (field.least && order(field, own, texts[field.least] ?? '') < 0) return { why: 'least', than: field.least }
  return most && order(field, own, texts[most] ?? '') > 0 ? { why: 'most', than: most } : null
}

/** Whether a field is to be filled in, by what is chosen so far. */
export const isRequired = ({ required }: FieldOf, texts: Record<string, string>): boolean => (typeof required === 'function' ? required(texts) : (required ?? false))

/** The fields that are asked for, by what is chosen so far. */
export const asked = (kind: SiteKind, texts: Record<string, string>): FieldOf[] => FIELDS[kind].filter((field) => field.when?.(texts) ?? true)

/** What is wrong with each field as it is typed; the server looks at the rest. */
export function faults(kind: SiteKind, texts: Record<string, string>, substances: SubstanceForm[]): Record<string, FieldFault> {
  const found: Record<string, FieldFault> = {}
  for (const field of asked(kind, texts)) {
    if (field.as === 'substances') {
      substances.forEach((each, at) => {
        if (each.name.trim() === '') found[`substances.${at}.name`] = { why: 'required' }
        if (!isCas(each.cas)) found[`substances.${at}.cas`] = { why: 'cas' }
        const most = typedNumber(each.design_max_t)
        if (most === null || Number.isNaN(most)) found[`substances.${at}.design_max_t`] = { why: 'number' }
      })
      continue
    }
    const text = texts[field.key] ?? ''
    if (text.trim() === '') {
      if (isRequired(field, texts)) found[field.key] = { why: 'required' }
      continue
    }
    if (field.as === 'number' && Number.isNaN(typedNumber(text))) found[field.key] = { why: 'number' }
    if (field.as === 'count' && !/^\d+$/.test(text.trim())) found[field.key] = { why: 'count' }
    if (field.as === 'cas' && !isCas(text)) found[field.key] = { why: 'cas' }
    const wrong = against(field, texts)
    if (wrong && !found[field.key]) found[field.key] = wrong
  }
  return found
}

/** What the form says, as the API takes it. */
export function particularsOf(kind: SiteKind, texts: Record<string, string>, substances: SubstanceForm[]): Particulars {
  const body: Record<string, unknown> = {}
  for (const field of asked(kind, texts)) {
    if (field.as === 'substances') {
      body.substances = substances.map((each) => ({ name: each.name.trim(), cas: each.cas.trim() || null, design_max_t: Number(each.design_max_t) }))
      continue
    }
    const text = (texts[field.key] ?? '').trim()
    const isNumber = field.as === 'number' || field.as === 'count' || field.key === 'grade'
    body[field.key] = text === '' ? null : isNumber ? Number(text) : text
  }
  return { [kind]: body } as unknown as Particulars
}

/** A grade as it is spoken: 一等 of a pond, 一级 of a hazard source. */
export const gradeKey = (site: Pick<Site, 'kind'>): 'survey.site.pondGrade' | 'survey.site.sourceGrade' =>
  site.kind === 'pond' ? 'survey.site.pondGrade' : 'survey.site.sourceGrade'
