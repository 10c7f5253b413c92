import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { fonts } from './build/fonts.ts'
import { mapStyle } from './build/style.ts'

const page = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
/** A running service to develop against. */
const service = process.env['WANGGE_URL'] ?? 'http://localhost:8080'

export default defineConfig({
  plugins: [vue(), fonts(), mapStyle()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    // the map engine alone is a megabyte
    chunkSizeWarningLimit: 1_500,
    rolldownOptions: { input: { index: page('index.html'), wall: page('wall.html'), geocode: page('geocode.html') } },
  },
  server: {
    proxy: Object.fromEntries(
      ['/v1', '/tiles', '/fonts', '/healthz', '/openapi.json', '/docs'].map((path) => [path, { target: service, changeOrigin: true }]),
    ),
  },
  test: { include: ['test/**/*.test.ts'], environment: 'node' },
})
