import { onScopeDispose, watch } from 'vue'
import { signAt } from '@/alert/warning/place'
import type { Region } from '@/map/api'
import { publish } from '@/map/layer'
import type { Incident } from './api'
import { INCIDENTS } from './layer'

/** Shows one incident's flag on the map as long as the component lives. */
export function usePlacedIncident(incident: () => Incident | null, region: () => Region | undefined): void {
  watch(
    () => [incident(), region()] as const,
    ([shown, where]) => {
      const at = shown ? signAt(shown.point, where) : null
      publish(INCIDENTS, shown && at ? [{ id: shown.id, label: `${shown.number}\n${shown.title}`, at }] : [], at ? 1 : 0)
    },
    { immediate: true },
  )
  onScopeDispose(() => publish(INCIDENTS, [], 0))
}
