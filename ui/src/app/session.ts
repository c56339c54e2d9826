import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, setCsrf } from '@/api/client'
import { ApiError } from '@/api/error'
import type { Schema } from '@/api/schema'

export type Office = Schema['Office']

/** Who is signed in and what they may do (`GET /api/session`). */
export type Session = Schema['SessionView']

export const useSession = defineStore('session', () => {
  const current = ref<Session | null>(null)
  const asked = ref(false)
  const permissions = computed(() => new Set(current.value?.permissions ?? []))

  function take(session: Session | null): void {
    current.value = session
    asked.value = true
    setCsrf(session?.csrf ?? null)
  }

  /** Asks the server who we are. Nobody is an answer, not an error. */
  async function load(): Promise<Session | null> {
    try {
      take(await api.get<Session>('/session'))
    } catch (thrown) {
      if (!(thrown instanceof ApiError) || thrown.status !== 401) throw thrown
      take(null)
    }
    return current.value
  }

  async function signIn(account: string, password: string): Promise<void> {
    take((await api.post<Session>('/session', { account, password })).body)
  }

  async function signOut(): Promise<void> {
    await api.delete('/session')
    take(null)
  }

  /** Whether the signed-in person holds `permission`; the server decides again. */
  const may = (permission: string): boolean => permissions.value.has(permission)

  return { current, asked, load, signIn, signOut, take, may }
})
