import { computed, type ComputedRef } from 'vue'
import { useRefresh } from '@/app/refresh'
import { useLoad, type Load } from '@/api/load'
import { useSession } from '@/app/session'
import { listOpen, type Incident } from './api'
import { byStanding } from './model'

/** The incidents that run, as the list orders them; nothing for those who may not see them. */
export function useOpenIncidents(): { load: Load<Incident[]>; incidents: ComputedRef<Incident[]> } {
  const session = useSession()
  const load = useLoad(
    () => (session.may('incident.read') ? 'open' : null),
    (_, signal) => listOpen(signal),
  )
  useRefresh(['incident.', 'task.'], load.reload)
  const incidents = computed(() => [...(load.data.value ?? [])].sort(byStanding))
  return { load, incidents }
}
