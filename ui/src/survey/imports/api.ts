import { api, type Download, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** A register that takes tables, an import of one, and what is wrong with its rows. */
export type Register = Schema['RegisterView']
export type Import = Schema['ImportView']
export type Fault = Schema['ImportFaultView']
export type Columns = Schema['ImportColumns']

export const listRegisters = async (signal?: AbortSignal): Promise<Register[]> => (await api.get<Page<Register>>('/imports/registers', {}, signal)).items

/** One's own imports, newest first. */
export const listImports = async (signal?: AbortSignal): Promise<Import[]> => (await api.get<Page<Import>>('/imports', { limit: 50 }, signal)).items

export const loadImport = (id: string, signal?: AbortSignal) => api.get<Import>(`/imports/${id}`, {}, signal)

export const bring = (register: string, file: File): Promise<Import> =>
  api.upload<Import>(`/imports?${new URLSearchParams({ register, file: file.name })}`, file)

export const setColumns = async (key: string, id: string, columns: Columns): Promise<Import> => (await api.post<Import>(`/imports/${id}/columns`, columns, { key })).body
export const confirm = async (key: string, id: string): Promise<Import> => (await api.post<Import>(`/imports/${id}/confirm`, {}, { key })).body
export const stop = async (key: string, id: string): Promise<Import> => (await api.post<Import>(`/imports/${id}/stop`, {}, { key })).body

export const listFaults = (id: string, cursor: string | null, signal?: AbortSignal) => api.get<Page<Fault>>(`/imports/${id}/faults`, { cursor }, signal)
export const downloadReport = (id: string): Promise<Download | null> => api.download(`/imports/${id}/report`)
export const downloadTemplate = (register: string): Promise<Download | null> => api.download(`/imports/registers/${register}/template`)
