import { api } from '@/api/client'
import type { Schema } from '@/api/schema'
import type { Datum } from '@/map/datum'

/** A boundary as the register has it; a file as it was looked at, and one of its features. */
export type Boundary = Schema['BoundaryInForce']
export type Looked = Schema['Boundaries']
export type Feature = Schema['BoundaryLooked']
export type Drawing = Schema['BoundaryDrawing']

/** More than the divisions of a province down to its towns. */
const MOST = 5_000

export const listBoundaries = (on: string, signal?: AbortSignal) => api.all<Boundary>('/regions/boundaries', { on: on || null }, signal, MOST)

/** What is said of a file; what is empty is found, or not known. */
export interface Said {
  source: string
  from: string
  datum: Datum | ''
  code: string
}

function query(said: Said, more: Record<string, string>): string {
  const all = { source: said.source.trim(), from: said.from, datum: said.datum, code: said.code, ...more }
  return String(new URLSearchParams(Object.entries(all).filter(([, value]) => value !== '')))
}

export const look = (file: File, said: Said): Promise<Looked> => api.upload<Looked>(`/regions/boundaries?${query(said, { draw: 'true' })}`, file)

/** It is safe to bring a file again: what stands already is not said anew. */
export const take = (file: File, said: Said): Promise<Looked> => api.upload<Looked>(`/regions/boundaries?${query(said, { take: 'true' })}`, file)
