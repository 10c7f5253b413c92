// Writes the map style where the service serves it from.
import type { Plugin } from 'vite'
import { wallStyle } from '../src/map/style.ts'
import { mapFonts } from './fonts.ts'

const FILE = 'styles/wall.json'

export function mapStyle(): Plugin {
  const style = (): string => JSON.stringify(wallStyle(mapFonts()))
  return {
    name: 'wangge-map-style',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: FILE, source: style() })
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url === `/${FILE}`) response.setHeader('content-type', 'application/json').end(style())
        else next()
      })
    },
  }
}
