// Writes the map styles where the service serves them from.
import type { Plugin } from 'vite'
import { geocodeStyle, wallStyle } from '../src/map/style.ts'
import { mapFonts } from './fonts.ts'

const STYLES = { 'styles/wall.json': wallStyle, 'styles/geocode.json': geocodeStyle }

export function mapStyle(): Plugin {
  return {
    name: 'wangge-map-style',
    generateBundle() {
      for (const [fileName, style] of Object.entries(STYLES)) {
        this.emitFile({ type: 'asset', fileName, source: JSON.stringify(style(mapFonts())) })
      }
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const style = Object.entries(STYLES).find(([fileName]) => request.url === `/${fileName}`)?.[1]
        if (style) response.setHeader('content-type', 'application/json').end(JSON.stringify(style(mapFonts())))
        else next()
      })
    },
  }
}
