import { defineStore } from 'pinia'
import { ref } from 'vue'
import { api } from '@/api/client'
import type { Schema } from '@/api/schema'
import { syncClock, syncNodeClock } from './clock'
import { worldName } from './world/name'

type NodeView = Schema['NodeView']

/** What a node says about itself to anybody (`GET /api/node`); the region with its name. */
export type NodeFace = Omit<NodeView, 'region' | 'region_name'> & { region: { code: string; name: string } }

export const useNode = defineStore('node', () => {
  const face = ref<NodeFace | null>(null)

  async function load(): Promise<NodeFace> {
    const answer = await api.get<NodeView>('/node')
    syncNodeClock(answer.now)
    if (worldName === null) syncClock(answer.now)
    const { region, region_name: name, ...rest } = answer
    face.value = { ...rest, region: { code: region, name: name ?? region } }
    return face.value
  }

  return { face, load }
})
