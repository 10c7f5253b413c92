// Reads server-sent events from text as it comes (WHATWG HTML, 9.2.6). EventSource cannot send a key or tell one refusal
// from another, so the wall reads the stream itself.

export interface ServerSentEvent {
  /** `message` where the sender named none. */
  event: string
  data: string
  /** The last id seen so far, also by an earlier event. */
  lastEventId: string
}

/** Feeds on chunks of any length and gives back the events that they complete. */
export class EventReader {
  private rest = ''
  private data: string[] = []
  private event = ''
  private lastEventId = ''

  feed(chunk: string): ServerSentEvent[] {
    const complete: ServerSentEvent[] = []
    // a lone CR at the end may be half of CRLF: it waits for the next chunk
    const lines = (this.rest + chunk).split(/\r\n|\n|\r(?!$)/)
    this.rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') this.dispatch(complete)
      else this.field(line)
    }
    return complete
  }

  private field(line: string): void {
    const colon = line.indexOf(':')
    if (colon === 0) return
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'data') this.data.push(value)
    else if (name === 'event') this.event = value
    else if (name === 'id' && !value.includes('\0')) this.lastEventId = value
  }

  private dispatch(complete: ServerSentEvent[]): void {
    if (this.data.length > 0) {
      complete.push({ event: this.event || 'message', data: this.data.join('\n'), lastEventId: this.lastEventId })
    }
    this.data = []
    this.event = ''
  }
}
