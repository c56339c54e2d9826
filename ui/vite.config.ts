/// <reference types="vitest/config" />
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// The oldest browser we build for. MapLibre 6 needs WebGL 2 and class fields;
// the Chinese browsers in use are Chromium 96 and newer.
const OLDEST = 'chrome96'

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  build: {
    target: OLDEST,
    cssTarget: OLDEST,
    manifest: true,
    // The small components travel together: a page should need few requests.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'kit', test: /src\/(kit|api)\// }] } },
    },
    // The map and its worker are large on purpose; scripts/budget.mjs holds the real limits.
    chunkSizeWarningLimit: 1200,
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
  test: { include: ['src/**/*.test.ts'], css: true },
})
