// Keeps the place in view in the page's address (`/wall#at=620102001`): the browser's back goes up again, and a screen can
// be set to stand at its own district.
import type { Area } from '../api/schema.ts'
import type { AreaTree, GridShelf } from './areas.ts'
import type { Store } from './store.ts'

/** Code of the place that the address names, or `null`. */
export function addressed(hash: string = location.hash): string | null {
  return new URLSearchParams(hash.slice(1)).get('at')
}

/** The path to a code: a division by the tree, a grid by the way of its community. */
export async function pathTo(code: string, tree: AreaTree, grids: GridShelf): Promise<readonly Area[] | null> {
  const division = tree.get(code)
  if (division) return tree.pathTo(division)
  const grid = await grids.grid(code).catch(() => null)
  const community = grid?.parent_code ? tree.get(grid.parent_code) : undefined
  return grid && community ? [...tree.pathTo(community), grid] : null
}

/** Writes where the wall goes into the address, and goes where the address says. Gives back how to stop. */
export function followAddress(store: Store, tree: () => AreaTree | null, grids: GridShelf): () => void {
  const unsubscribe = store.subscribe((state, before) => {
    const code = state.path.at(-1)?.code
    if (code === undefined || code === before.path.at(-1)?.code) return
    const written = state.path.length > 1 ? code : null
    if (written === addressed()) return
    const address = location.pathname + location.search + (written === null ? '' : `#at=${encodeURIComponent(written)}`)
    history.pushState(null, '', address)
  })
  const read = async (): Promise<void> => {
    const here = tree()
    if (!here) return
    const path = await pathTo(addressed() ?? here.root.code, here, grids)
    if (path && path.at(-1)?.code !== store.state.value.path.at(-1)?.code) store.dispatch({ kind: 'went_to', path })
  }
  const onPop = (): void => void read()
  addEventListener('popstate', onPop)
  return () => {
    unsubscribe()
    removeEventListener('popstate', onPop)
  }
}
