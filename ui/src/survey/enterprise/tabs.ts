import type { Component } from 'vue'

/**
 * What a later stage puts on an enterprise's page: its stations, its gateways.
 *
 * A register knows nothing of what is downstream of it; a stage registers its tab where its
 * routes are made, and the panel gets the `enterprise`.
 */
export interface EnterpriseTab {
  /** In the address: `?tab=NAME`. */
  name: string
  /** Key of its word. */
  word: string
  /** The permission without which it is not shown. */
  needs: string
  panel: Component
}

const tabs: EnterpriseTab[] = []

/** Registers a tab; again with the same name does nothing. */
export function registerEnterpriseTab(tab: EnterpriseTab): void {
  if (!tabs.some(({ name }) => name === tab.name)) tabs.push(tab)
}

export const tabsOfStages = (): readonly EnterpriseTab[] => tabs
