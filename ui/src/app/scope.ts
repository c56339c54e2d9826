import { computed } from 'vue'
import { useLoad } from '@/api/load'
import { useSession } from '@/app/session'
import { useNode } from '@/app/node'
import { listRegions, type Region } from '@/map/api'
import { language } from '@/app/preferences'

/** Kinds of hazard, as `base::Hazard` writes them. */
export const HAZARDS = [
  'flood',
  'rainstorm',
  'drought',
  'geological',
  'earthquake',
  'volcano',
  'forest_fire',
  'weather',
  'coal_mine',
  'non_coal_mine',
  'tailings_pond',
  'hazardous_chemical',
  'fireworks',
  'fire',
  'traffic',
  'urban_lifeline',
  'public_health',
  'social_safety',
  'other',
] as const

/** Regions at or below one of `roots`, parents before their children as the server lists them. */
export function within(regions: Region[], roots: readonly string[]): Region[] {
  const inside = new Set(roots)
  const children = new Map<string, Region[]>()
  for (const region of regions) {
    if (region.parent) children.set(region.parent, [...(children.get(region.parent) ?? []), region])
  }
  const queue = [...inside]
  for (let code = queue.pop(); code !== undefined; code = queue.pop()) {
    for (const child of children.get(code) ?? []) {
      inside.add(child.code)
      queue.push(child.code)
    }
  }
  return regions.filter((region) => inside.has(region.code))
}

/** The regions that the signed-in person may write about, named in the present language. */
export function useScopeRegions() {
  const session = useSession()
  const node = useNode()
  const load = useLoad(
    () => 'regions',
    () => listRegions(),
  )
  const roots = computed(() => session.current?.regions ?? [])
  const regions = computed(() =>
    within(load.data.value ?? [], roots.value).map((region) => ({
      ...region,
      name: language.value === 'en' ? region.name_en : region.name,
    })),
  )
  /** What a new form starts with: the node's own region, else the first in scope. */
  const first = computed(() => {
    const own = node.face?.region.code
    return regions.value.some((region) => region.code === own) ? own! : (regions.value[0]?.code ?? '')
  })
  const name = (code: string | null): string => regions.value.find((region) => region.code === code)?.name ?? code ?? ''
  return { regions, first, name, load }
}
