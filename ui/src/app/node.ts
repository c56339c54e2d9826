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

export const useNode = defineStore('node', () => {
  const face = ref<NodeFace | null>(null)

  async function load(): Promise<NodeFace> {
    const answer = await api.get<NodeFace>('/node')
    syncClock(answer.now)
    face.value = answer
    return answer
  }

  return { face, load }
})
