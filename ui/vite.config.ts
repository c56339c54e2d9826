/// <reference types="vitest/config" />
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// The oldest browser we build for. MapLibre 6 needs WebGL 2 and class fields;
// the Chinese browsers in use are Chromium 96 and newer.
const OLDEST = 'chrome96'

/** What every page needs. */
const CORE =
  /src\/(api|kit|text|theme)\/|src\/app\/(\w+\.ts|Mark)|src\/trust\/api|node_modules\/(@?vue|@intlify|pinia)/
const OURS = /src\/|node_modules\/(maplibre-gl|uplot)/

interface Graph {
  getModuleInfo: (id: string) => { importedIds: readonly string[] } | null
}

/** Whether a module brings the map with it. Only pages with a map shall load its 300 KB. */
const needsMap = (id: string, graph: Graph, seen = new Set<string>()): boolean => {
  if (id.includes('node_modules/maplibre-gl')) return true
  if (seen.has(id)) return false
  seen.add(id)
  return graph.getModuleInfo(id)?.importedIds.some((other) => needsMap(other, graph, seen)) ?? false
}

/** The file of a module that at least two pages share. */
const shared = (id: string, graph: Graph): string => {
  if (needsMap(id, graph)) return 'map'
  return id.includes('uplot') || /(Series|Rain)Chart|station\/draw/.test(id) ? 'chart' : 'stages'
}

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  build: {
    target: OLDEST,
    cssTarget: OLDEST,
    manifest: true,
    // A page should need few requests: what pages share travels in three files.
    rolldownOptions: {
      output: {
        // Grouping may put a module before those it needs; this keeps their order.
        strictExecutionOrder: true,
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            // One language is loaded: what comes first, and after signing in all of it.
            { name: 'first-zh', test: /\/text\/first\.zh-CN\.ts$/, priority: 4 },
            { name: 'first-en', test: /\/text\/first\.en\.ts$/, priority: 4 },
            { name: 'words-zh', test: /\/text\/zh-CN\.ts$/, priority: 3 },
            { name: 'words-en', test: /\/text\/en\.ts$/, priority: 3 },
            { name: 'core', test: CORE, priority: 2 },
            { name: shared, test: OURS, minShareCount: 2 },
          ],
        },
      },
    },
  },
  // MapLibre 6 ships its worker as an ES module.
  worker: { format: 'es' },
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_I18N_LEGACY_API__: false,
  },
  server: {
    proxy: { '/api': { target: 'http://127.0.0.1:7700', changeOrigin: false } },
  },
  // The stylesheet is read by a test, so it must not be emptied.
  // How long one takes on a machine that does much else is not what it is about.
  test: { include: ['src/**/*.test.ts'], css: true, testTimeout: 60_000, hookTimeout: 60_000 },
})
