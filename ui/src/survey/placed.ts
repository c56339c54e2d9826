import { computed, watch, type Ref } from 'vue'
import { useLoad } from '@/api/load'
import { useRefresh } from '@/app/refresh'
import { publish } from '@/map/layer'
import { listPoints as enterprisePoints } from './enterprise/api'
import { SOURCES, type Placed, type SourcesOnMap } from './layer'
import { listPoints as sitePoints } from './site/api'

/**
 * Shows what the registers have on the map, as they are now: the map of a past moment
 * shows none of them.
 *
 * - Returns the chosen one, `null` for none or one that is not there.
 */
export function useSourcesOnMap({ may, past, selected }: { may: boolean; past: Ref<boolean>; selected: Ref<string | null> }) {
  const load = useLoad(
    () => (may && !past.value ? 'points' : null),
    async (_, signal): Promise<{ all: Placed[]; more: boolean }> => {
      const [enterprises, sites] = await Promise.all([enterprisePoints(signal), sitePoints(signal)])
      const all = [
        ...enterprises.items.map(({ id, name, state, point }): Placed => ({ id, noun: 'enterprise', kind: 'enterprise', name, state, at: [point.lon, point.lat] })),
        ...sites.items.map(({ id, kind, name, state, point }): Placed => ({ id, noun: 'site', kind, name, state, at: [point.lon, point.lat] })),
      ]
      return { all, more: enterprises.more || sites.more }
    },
  )
  useRefresh(['enterprise.', 'site.'], () => load.reload())
  const placed = computed(() => (past.value ? [] : (load.data.value?.all ?? [])))
  watch(
    [placed, selected],
    () => {
      if (!may || (load.data.value === null && !past.value)) return
      const data: SourcesOnMap = { placed: placed.value, selected: selected.value }
      publish(SOURCES, data, placed.value.length, load.loadedAt.value ?? undefined)
    },
    { immediate: true },
  )
  return {
    source: computed(() => placed.value.find((each) => each.id === selected.value) ?? null),
    /** How many are drawn, where that is not all. */
    onlyFirst: computed(() => (!past.value && load.data.value?.more ? placed.value.length : null)),
  }
}

/** The page of what a diamond stands for. */
export const sourcePath = ({ noun, id }: Pick<Placed, 'noun' | 'id'>): string => `/monitor/safety/${noun === 'enterprise' ? 'enterprises' : 'sites'}/${id}`
