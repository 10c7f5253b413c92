// TileJSON names the service by the host it was asked as; behind a gateway that speaks TLS that is not ours.
export function ownAddress(url: string, origin: string): string {
  const path = url.replace(/^[a-z]+:\/\/[^/]+(?=\/tiles\/)/i, '')
  return path.startsWith('/') ? origin + path : url
}
