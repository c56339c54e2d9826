import { api, type Page } from '@/api/client'
import type { Schema } from '@/api/schema'
import { NOTHING, STORY_STATION, isRed, told, type Seen } from './model'

/** What the node says of the story now, as far as the person may see it. */
export async function loadSeen(may: (permission: string) => boolean, signal?: AbortSignal): Promise<Seen> {
  const ask = <One>(needs: string, path: string, query: Record<string, string | number>): Promise<One[] | null> =>
    may(needs) ? api.get<Page<One>>(path, query, signal).then((page) => page.items) : Promise.resolve(null)
  const [notices, stations, warnings, incidents] = await Promise.all([
    ask<Schema['Notice']>('notice.read', '/notices', { limit: 200 }),
    ask<Schema['Station']>('station.read', '/stations', { q: STORY_STATION, limit: 1 }),
    ask<Schema['Warning']>('warning.read', '/warnings', { limit: 100 }),
    ask<Schema['Incident']>('incident.read', '/incidents', { limit: 1 }),
  ])
  return {
    ...NOTHING,
    notices: notices?.length ?? null,
    station: stations?.[0] ?? null,
    warning: told(warnings ?? []),
    incident: incidents?.[0] ?? null,
    issued: warnings?.filter((warning) => warning.state === 'issued').length ?? null,
    red: isRed(warnings ?? []),
  }
}
