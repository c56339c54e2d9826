import type { RouteRecordRaw } from 'vue-router'
import type { Shows } from './subject'

/** The parts of the top bar, in its order. */
export const SECTIONS = ['map', 'duty', 'monitor', 'command', 'data', 'support'] as const
export type Section = (typeof SECTIONS)[number]

/** A route's place in the menus. */
export interface MenuPlace {
  section: Section
  /** Key of the word in the side menu. */
  word: string
  /** Key of the heading in the side menu. */
  group: string
  /** The permission without which the entry is not shown. */
  needs?: string
}

declare module 'vue-router' {
  interface RouteMeta {
    /** Reachable without a session. */
    public?: boolean
    /** Key of the page's title. */
    title?: string
    /** The theme when the person chose none. */
    theme?: 'dark' | 'light'
    /** Which part of the top bar is lit, and whether the side menu is shown. */
    section?: Section
    side?: boolean
    /** Where it goes when its session ends, below the base; to the sign-in page when absent. */
    endedAt?: string
    /** Shows the bar of keys and the state of the line at the bottom. */
    status?: boolean
    menu?: MenuPlace
    /** Whose subjects it shows: where a line about one leads. */
    shows?: Shows
  }
}

export interface MenuEntry extends MenuPlace {
  path: string
}

/** Every entry that leads to a registered route, in the order of the routes. */
export function entries(routes: RouteRecordRaw[]): MenuEntry[] {
  return routes.flatMap((route) => {
    const own = route.meta?.menu ? [{ path: route.path, ...route.meta.menu }] : []
    return [...own, ...entries(route.children ?? [])]
  })
}
