import { computed } from 'vue'
import { useLoad } from '@/api/load'
import { language } from '@/app/preferences'
import { listRegions } from '@/map/api'

/** A region with its name in the present language. */
export interface Named {
  code: string
  name: string
}

/** Several names as the present language lists them. */
export const listed = (words: readonly string[]): string => words.join(language.value === 'en' ? ', ' : '、')

/** Every region, for what is decided about whole nodes and not within somebody's scope. */
export function useAllRegions() {
  const load = useLoad(
    () => 'regions',
    () => listRegions(),
  )
  const regions = computed<Named[]>(() =>
    (load.data.value ?? []).map((region) => ({ code: region.code, name: (language.value === 'en' ? region.name_en : null) ?? region.name })),
  )
  const name = (code: string): string => regions.value.find((region) => region.code === code)?.name ?? code
  const names = (codes: readonly string[]): string => listed(codes.map(name))
  return { regions, name, names }
}
