import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'

/** Somebody in the contact book, masked unless it was opened. */
export type Contact = Schema['BookContact']
export type ContactDetails = Schema['ContactDetails']
export type ContactAddress = Schema['ContactAddress']
/** Somebody with an account, who can be told inside. */
export type Person = Schema['Holder']

export type Filter = { q: string | null; region: string | null; retired: boolean | null }

export const listContacts = (filter: Filter, cursor: string | null, signal?: AbortSignal) =>
  api.get<Page<Contact>>('/contacts', { ...filter, cursor }, signal)

/** Everybody who is not retired, for pickers. */
export const allContacts = (signal?: AbortSignal) => api.all<Contact>('/contacts', {}, signal, 5_000)

export const loadContact = (id: string, signal?: AbortSignal) => api.get<Contact>(`/contacts/${id}`, {}, signal)

/** With number and e-mail whole; that they were read is noted. */
export const openContact = (id: string) => api.get<Contact>(`/contacts/${id}/address`)

export const listPeople = async (signal?: AbortSignal): Promise<Person[]> => (await api.get<Page<Person>>('/contacts/people', {}, signal)).items

export const enterContact = (key: string, details: ContactDetails, address: ContactAddress) =>
  api.post<Contact>('/contacts', { details, address }, { key })

/** `null` leaves number and e-mail as they are. */
export const changeContact = (key: string, id: string, revision: number, details: ContactDetails, address: ContactAddress | null) =>
  api.put<Contact>(`/contacts/${id}`, { revision, details, address }, { key })

export const retireContact = (key: string, id: string, reason: string) => api.post<Contact>(`/contacts/${id}/retire`, { reason }, { key })
