import type { ApiError } from '@/api/error'

/** What a refused sign-in tells the person; never which part of an account exists. */
export type Refusal =
  | { kind: 'refused'; triesLeft: number | null }
  | { kind: 'locked'; until: string }
  | { kind: 'other' }

export function refusal(error: ApiError): Refusal {
  if (error.code !== 'sign-in-refused') return { kind: 'other' }
  const { locked_until: until, tries_left: tries } = error.problem
  if (typeof until === 'string') return { kind: 'locked', until }
  return { kind: 'refused', triesLeft: typeof tries === 'number' ? tries : null }
}
