// Connects the wall to its service: areas once (and again when the map changes), numbers and events for ever.
import { asProblem, type Service } from '../api/client.ts'
import { WallStream } from '../api/stream.ts'
import { addressed, pathTo } from './address.ts'
import { readAreas, type AreaTree, type GridShelf } from './areas.ts'
import type { Store } from './store.ts'

/** When an event's effect is not known the numbers are read again, but not more often than this. */
const RECONCILE_MS = 4_000
const AREAS_RETRY_MS = 3_000

export function startWall(service: Service, store: Store, grids: GridShelf, showAreas: (tree: AreaTree) => void): () => void {
  let stopped = false
  let reconcileTimer: ReturnType<typeof setTimeout> | null = null
  const stream = new WallStream(service, {
    snapshot: (stats) => store.dispatch({ kind: 'snapshot', stats, at: Date.now() }),
    incidents: (incidents) => store.dispatch({ kind: 'incidents', incidents, at: Date.now() }),
    heartbeat: (heartbeat) => store.dispatch({ kind: 'heartbeat', heartbeat, at: Date.now() }),
    mapChanged: (version) => store.dispatch({ kind: 'map_changed', version, at: Date.now() }),
    connection: (connection) => store.dispatch({ kind: 'connection', connection }),
    failed: (problem) => store.dispatch({ kind: 'failed', problem }),
  })

  const loadAreas = async (): Promise<void> => {
    while (!stopped) {
      try {
        const tree = await readAreas(service)
        if (stopped) return
        if (tree !== null) {
          showAreas(tree)
          await keepPlace(store, tree, grids)
          return
        }
        store.dispatch({ kind: 'no_city' })
        await pause(AREAS_RETRY_MS)
      } catch (error) {
        if (store.state.value.phase !== 'ready') store.dispatch({ kind: 'failed', problem: asProblem(error) })
        await pause(AREAS_RETRY_MS)
      }
    }
  }

  const unsubscribe = store.subscribe((state, before) => {
    if (state.mapChanges !== before.mapChanges) void loadAreas()
    if (!state.unsure || reconcileTimer !== null) return
    reconcileTimer = setTimeout(() => {
      reconcileTimer = null
      void stream.refresh()
    }, RECONCILE_MS)
  })

  void loadAreas()
  stream.start()
  return () => {
    stopped = true
    unsubscribe()
    stream.stop()
    if (reconcileTimer) clearTimeout(reconcileTimer)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Where the wall was before its borders changed, or where its address says; the city if that is nowhere. */
async function keepPlace(store: Store, tree: AreaTree, grids: GridShelf): Promise<void> {
  const code = store.state.value.path.at(-1)?.code ?? addressed() ?? tree.root.code
  store.dispatch({ kind: 'went_to', path: (await pathTo(code, tree, grids)) ?? [tree.root] })
}
