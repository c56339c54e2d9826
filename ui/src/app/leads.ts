import { useRouter } from 'vue-router'

/** Gives a test whether an address is a page of this build, so that no link is dead. */
export function useLeads(): (path: string) => boolean {
  const router = useRouter()
  return (path) => router.resolve(path).matched.every((record) => !record.path.includes(':rest('))
}
