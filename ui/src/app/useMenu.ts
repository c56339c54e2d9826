import { computed } from 'vue'
import { useRoute } from 'vue-router'
import { entries, SECTIONS, type MenuEntry, type Section } from './menu'
import { menuRoutes } from './routes'
import { useSession } from './session'

/** The menus as the signed-in person sees them; an entry that leads nowhere cannot appear. */
export function useMenu() {
  const session = useSession()
  const route = useRoute()
  const all = entries(menuRoutes)

  const allowed = computed(() => all.filter((entry) => entry.needs === undefined || session.may(entry.needs)))
  const section = computed<Section | null>(() => route.meta.section ?? route.meta.menu?.section ?? null)

  const tops = computed(() =>
    SECTIONS.flatMap((name) => {
      const first = allowed.value.find((entry) => entry.section === name)
      return first ? [{ name, path: first.path }] : []
    }),
  )

  const groups = computed(() => {
    const found = new Map<string, MenuEntry[]>()
    for (const entry of allowed.value) {
      if (entry.section !== section.value) continue
      found.set(entry.group, [...(found.get(entry.group) ?? []), entry])
    }
    return [...found].map(([word, items]) => ({ word, items }))
  })

  /** Every section with all its entries, for a screen that has room for one menu only. */
  const everything = computed(() =>
    tops.value.map(({ name }) => ({ name, items: allowed.value.filter((entry) => entry.section === name) })),
  )

  return { tops, groups, section, everything }
}
