import type { Custody, Of, OtherNode } from './api'

/** What can be done with the records of a node: taken over from whoever owns them, or given back. */
export function act(node: Pick<OtherNode, 'origin' | 'owner'>, own: string): 'propose' | 'giveBack' {
  return node.owner === own ? 'giveBack' : 'propose'
}

/** Whether a proposal for all of a node waits already, so that nobody proposes it twice in a hurry. */
export const isProposed = (custody: Pick<Custody, 'proposals'>, origin: string): boolean =>
  custody.proposals.some(({ of }) => 'origin' in of && of.origin === origin)

/** What is handed over: all of a node, or so many records. */
export function what(of: Of): { key: 'origin'; origin: string } | { key: 'subjects'; count: number } {
  return 'origin' in of ? { key: 'origin', origin: of.origin } : { key: 'subjects', count: of.subjects.length }
}
