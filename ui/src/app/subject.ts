import { useRouter, type RouteMeta } from 'vue-router'

/** The subjects that a page shows, in the `meta` of its route: the one place that says so. */
export interface Shows {
  /** Nouns of facts, of notes in the trail, of rows of the duty desk. */
  nouns: string[]
  /** What whoever looks must hold. */
  needs: string
  /** The part of the query that takes the id, when it is none of the path. */
  query?: string
}

/** Where a subject is looked at, and what whoever looks must hold. */
export interface SubjectPage {
  path: string
  needs: string
}

/** What is asked of a route. */
interface Shown {
  path: string
  meta?: Pick<RouteMeta, 'shows'>
}

/**
 * The page of a subject among `routes`; `null` when none shows its noun.
 *
 * - `kind`: a noun, or the kind of a fact, which begins with one: `warning`, `warning.issued`.
 */
export function subjectPage(routes: readonly Shown[], kind: string, id: string): SubjectPage | null {
  const noun = kind.split('.')[0]!
  for (const { path, meta } of routes) {
    if (!meta?.shows?.nouns.includes(noun)) continue
    const { needs, query } = meta.shows
    return { path: query ? `${path}?${query}=${id}` : path.replace(':id', id), needs }
  }
  return null
}

/** Gives the page of a subject among the pages of this build. */
export function useSubjects() {
  const routes = useRouter().getRoutes()
  return {
    subjectPage: (kind: string, id: string): SubjectPage | null => subjectPage(routes, kind, id),
    pageOf: (kind: string, id: string): string | null => subjectPage(routes, kind, id)?.path ?? null,
  }
}
