// Suggestions while somebody types: waits for a pause, asks for the newest text only, cancels what nobody waits for any
// more, and keeps quiet while an input method composes, whose letters are not yet the text.
import type { Suggestion } from '../api/geocode_schema.ts'

export interface SuggesterOptions {
  ask(text: string, signal: AbortSignal): Promise<Suggestion[]>
  show(text: string, suggestions: readonly Suggestion[]): void
  /** Something went wrong; suggestions are a comfort, so nobody is told but the page. */
  failed(error: unknown): void
}

/** Shorter than the time between two keys of a fast typist costs requests and shows nothing sooner. */
export const PAUSE_MS = 90

export class Suggester {
  private timer: ReturnType<typeof setTimeout> | null = null
  private under: AbortController | null = null
  private composing = false
  private shown = ''

  constructor(private readonly options: SuggesterOptions) {}

  typed(text: string): void {
    this.cancel()
    if (this.composing) return
    if (text.trim() === '') return this.show(text, [])
    this.timer = setTimeout(() => void this.ask(text), PAUSE_MS)
  }

  compositionStarted(): void {
    this.composing = true
    this.cancel()
  }

  compositionEnded(text: string): void {
    this.composing = false
    this.typed(text)
  }

  /** Nothing is suggested until the next key. */
  dismiss(): void {
    this.cancel()
    this.show('', [])
  }

  private async ask(text: string): Promise<void> {
    this.timer = null
    const under = new AbortController()
    this.under = under
    try {
      const suggestions = await this.options.ask(text, under.signal)
      if (!under.signal.aborted) this.show(text, suggestions)
    } catch (error) {
      if (!under.signal.aborted) this.options.failed(error)
    }
  }

  private cancel(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    this.under?.abort()
    this.under = null
  }

  private show(text: string, suggestions: readonly Suggestion[]): void {
    if (suggestions.length === 0 && this.shown === '') return
    this.shown = suggestions.length > 0 ? text : ''
    this.options.show(text, suggestions)
  }
}
