import type { Heard, HeldGrant, NeighbourKey, Neighbours, Reading, Refused } from './api'

/** A node about which something was decided here, or that has knocked. */
export interface Neighbour {
  origin: string
  /**
   * `stranger`: it has sent segments, and nobody here has said anything about its key.
   * `reader`: it may read this node's log, and has sent nothing.
   */
  standing: 'trusted' | 'distrusted' | 'stranger' | 'reader'
  /** The trusted first, and of each the latest decision first. */
  keys: NeighbourKey[]
  /** What it may speak for, by all its trusted keys together. */
  regions: string[]
  grants: HeldGrant[]
  /** What it may read of this node's log; `null` for nothing, not even what is public. */
  reading: Reading | null
  heard: Heard | null
  refused: Refused[]
}

/** Everything that is known of the nodes, one by one; who knocks is first, the others go by name. */
export function neighbours(all: Pick<Neighbours, 'items' | 'grants' | 'readings' | 'refused' | 'heard'>): Neighbour[] {
  const origins = new Set([
    ...all.items.map((key) => key.origin),
    ...all.heard.map((heard) => heard.origin),
    ...all.readings.map((reading) => reading.origin),
    // A head that does not read names nobody.
    ...all.refused.map((refused) => refused.origin).filter((origin) => origin !== ''),
  ])
  const rank = (each: Neighbour): number => (each.standing === 'stranger' ? 0 : 1)
  return [...origins]
    .map((origin): Neighbour => {
      const keys = all.items.filter((key) => key.origin === origin)
      const trusted = keys.filter((key) => key.trusted)
      const reading = all.readings.find((each) => each.origin === origin) ?? null
      const heard = all.heard.find((each) => each.origin === origin) ?? null
      const refused = all.refused.filter((each) => each.origin === origin)
      const unkeyed = heard === null && refused.length === 0 ? 'reader' : 'stranger'
      const latest = (a: NeighbourKey, b: NeighbourKey): number => Number(b.trusted) - Number(a.trusted) || b.decided_at.localeCompare(a.decided_at)
      return {
        origin,
        standing: trusted.length > 0 ? 'trusted' : keys.length > 0 ? 'distrusted' : unkeyed,
        keys: [...keys].sort(latest),
        regions: [...new Set(trusted.flatMap((key) => key.regions))].sort(),
        grants: all.grants.filter((grant) => grant.origin === origin),
        reading,
        heard,
        refused,
      }
    })
    .sort((a, b) => rank(a) - rank(b) || a.origin.localeCompare(b.origin))
}

const FINGERPRINT_DIGITS = 64

/** A fingerprint as people type it; `null` when it is none. */
export function readFingerprint(text: string): string | null {
  const plain = bare(text)
  return plain.length === FINGERPRINT_DIGITS && /^[0-9a-f]+$/.test(plain) ? plain : null
}

const bare = (text: string): string => text.replace(/[\s:]/g, '').toLowerCase()

/** How many characters of a fingerprint are there, without what only divides them. */
export const digits = (text: string): number => bare(text).length

/** A fingerprint to be read aloud: four by four. */
export const grouped = (fingerprint: string): string => fingerprint.match(/.{1,4}/g)?.join(' ') ?? ''

/** What the server takes as a node's name. */
export const isName = (origin: string): boolean => /^[A-Za-z0-9-]{1,64}$/.test(origin)

/** What a change of regions adds and takes away. */
export function difference(before: readonly string[], after: readonly string[]): { added: string[]; dropped: string[] } {
  return { added: after.filter((code) => !before.includes(code)), dropped: before.filter((code) => !after.includes(code)) }
}

/** A permission's key in the catalogue: its code without the dot. */
export const permissionKey = (code: string): string => code.replace('.', '_')
