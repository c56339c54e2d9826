import type { Contact } from './api'

/** By what somebody can be told, in the order in which it is tried by eye. */
export type Way = 'in_app' | 'mobile' | 'email'

export function ways(contact: Pick<Contact, 'person' | 'has_mobile' | 'has_email'>): Way[] {
  return [
    ...(contact.person === null ? [] : (['in_app'] as const)),
    ...(contact.has_mobile ? (['mobile'] as const) : []),
    ...(contact.has_email ? (['email'] as const) : []),
  ]
}

/** Whether a number is one as the server keeps it: 3 to 15 digits, hyphens and spaces aside. */
export function isMobile(text: string): boolean {
  return /^\+?\d{3,15}$/.test(text.replaceAll(/[ -]/g, '').replace(/^\+86/, ''))
}

export const isEmail = (text: string): boolean => /^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+$/.test(text.trim())
