// Where a page's service is and with which key it asks. A wall without a keyboard is given its key once, in the fragment
// of its address (`/wall#key=wg_…`), which never leaves the browser; it is kept and taken out of the address.
import type { Service } from '../api/client.ts'

const KEPT_AS = 'wangge.wall.key'

export function openSession(): Service {
  const fragment = new URLSearchParams(location.hash.slice(1))
  const given = fragment.get('key')
  if (given !== null) {
    keepKey(given)
    fragment.delete('key')
    const rest = fragment.toString()
    history.replaceState(null, '', location.pathname + location.search + (rest ? `#${rest}` : ''))
  }
  return { origin: '', key: given || kept() }
}

/** Keeps a key for the pages of this service; an empty one forgets it. */
export function keepKey(key: string): void {
  try {
    if (key === '') localStorage.removeItem(KEPT_AS)
    else localStorage.setItem(KEPT_AS, key)
  } catch {
    // it serves until the page is left
  }
}

export function forgetKey(): void {
  keepKey('')
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEPT_AS)
  } catch {
    return null
  }
}
