import type { Organisation } from './api'

/** An organisation at its place in the tree; those at the top have depth 0. */
export interface Branch {
  organisation: Organisation
  depth: number
}

/**
 * Each organisation followed by those below it, by name. One whose parent is not among
 * those given stands at the top; a circle, which the server does not make, too.
 */
export function tree(organisations: readonly Organisation[]): Branch[] {
  const given = new Set(organisations.map((each) => each.id))
  const below = new Map<string | null, Organisation[]>()
  for (const each of [...organisations].sort((a, b) => a.name.localeCompare(b.name, 'zh-CN'))) {
    const parent = each.parent !== null && given.has(each.parent) ? each.parent : null
    below.set(parent, [...(below.get(parent) ?? []), each])
  }
  const branches: Branch[] = []
  const seen = new Set<string>()
  function walk(each: Organisation, depth: number): void {
    if (seen.has(each.id)) return
    seen.add(each.id)
    branches.push({ organisation: each, depth })
    for (const child of below.get(each.id) ?? []) walk(child, depth + 1)
  }
  for (const each of below.get(null) ?? []) walk(each, 0)
  for (const each of organisations) walk(each, 0)
  return branches
}

/** The ids of an organisation and of all below it: it cannot be moved under any of them. */
export function within(organisations: readonly Organisation[], id: string): Set<string> {
  const inside = new Set([id])
  for (let before = 0; before < inside.size; ) {
    before = inside.size
    for (const each of organisations) if (each.parent !== null && inside.has(each.parent)) inside.add(each.id)
  }
  return inside
}

/** A name in a list of choices, set in by its depth. */
export const indented = (branch: Branch): string => `${'\u3000'.repeat(branch.depth)}${branch.organisation.name}`
