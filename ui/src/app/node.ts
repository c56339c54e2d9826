import { defineStore } from 'pinia'
import { ref } from 'vue'
import { api } from '@/api/client'
import { syncClock } from './clock'

/** What a node says about itself to anybody (`GET /api/node`). */
export interface NodeFace {
  name: string
  tier: 'county' | 'city' | 'province'
  region: { code: string; name: string }
  demo: boolean
  first_start: boolean
  version: string
  now: string
  map_credit: string
}

/** The region comes as its code with its name beside it, or as both in one. */
type NodeAnswer = Omit<NodeFace, 'region'> & {
  region: string | { code: string; name: string }
  region_name?: string | null
}

export const useNode = defineStore('node', () => {
  const face = ref<NodeFace | null>(null)

  async function load(): Promise<NodeFace> {
    const answer = await api.get<NodeAnswer>('/node')
    syncClock(answer.now)
    const { region, region_name: name, ...rest } = answer
    const scope = typeof region === 'string' ? { code: region, name: name ?? region } : region
    face.value = { ...rest, region: scope }
    return face.value
  }

  return { face, load }
})
