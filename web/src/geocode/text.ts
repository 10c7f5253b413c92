// Where the trace lies in the text. The service counts characters (Unicode scalar values); a browser's strings count
// UTF-16 units, of which a rare character (𠮷, an emoji) has two.
import type { Match, Suggestion } from '../api/geocode_schema.ts'

/** A piece of the text, with the lines of the trace that lie on it, the longest first. */
export interface Segment {
  text: string
  /** First character of the piece. */
  at: number
  matches: readonly Match[]
  /** Lines of the trace that begin here. */
  begins: readonly Match[]
}

export function characters(text: string): string[] {
  return Array.from(text)
}

/** The characters from `from` to before `to`. */
export function slice(text: string, from: number, to?: number): string {
  return characters(text).slice(from, to).join('')
}

/** The place of a character in UTF-16 units, as `setSelectionRange` wants it. */
export function unitsBefore(text: string, character: number): number {
  return slice(text, 0, character).length
}

/** Cuts the text where a line of the trace begins or ends. Spans outside the text, or empty ones, are passed over. */
export function segments(text: string, trace: readonly Match[]): Segment[] {
  const letters = characters(text)
  const lying = trace.filter(({ span }) => span !== null && 0 <= span[0] && span[0] < span[1] && span[1] <= letters.length)
  const cuts = new Set([0, letters.length, ...lying.flatMap(({ span }) => span ?? [])])
  const edges = [...cuts].sort((a, b) => a - b)
  return edges.slice(0, -1).map((at, i) => {
    const end = edges[i + 1] ?? letters.length
    const matches = lying.filter(({ span }) => span !== null && span[0] <= at && end <= span[1]).sort(byLength)
    return { text: letters.slice(at, end).join(''), at, matches, begins: matches.filter(({ span }) => span?.[0] === at) }
  })
}

function byLength(a: Match, b: Match): number {
  const long = ({ span }: Match): number => (span ? span[1] - span[0] : 0)
  return long(b) - long(a)
}

/** What the text does not say and the place has. */
export function unsaid(trace: readonly Match[]): Match[] {
  return trace.filter(({ span, name }) => span === null && name !== '')
}

/** Order of an address: a larger element stands before a smaller one. */
const RANK = ['province', 'city', 'district', 'township', 'community', 'road', 'number', 'compound', 'poi', 'building', 'unit', 'room']

/**
 * The text with the answer to a question put where it belongs: in place of what the text says for that element, else
 * before the first smaller element, else at the end. An answer that stands there already changes nothing.
 */
export function withAnswer(text: string, trace: readonly Match[], element: string, value: string): string {
  const letters = characters(text)
  const said = trace.find((line) => line.element === element && line.span !== null)
  if (said?.span) return [...letters.slice(0, said.span[0]), value, ...letters.slice(said.span[1])].join('')
  if (text.includes(value)) return text
  const rank = RANK.indexOf(element)
  const smaller = trace.filter((line) => line.span !== null && RANK.indexOf(line.element) > rank).map(({ span }) => span?.[0] ?? 0)
  const at = smaller.length > 0 ? Math.min(...smaller) : letters.length
  return [...letters.slice(0, at), value, ...letters.slice(at)].join('')
}

/** A suggestion's words, with what it would put into the box told apart where they have it. */
export function suggested(query: string, { label, text, completes: [from, to] }: Suggestion): { before: string; added: string; after: string } {
  const letters = characters(text)
  const added = letters.slice(from, letters.length - (characters(query).length - to)).join('')
  const at = added === '' ? -1 : label.lastIndexOf(added)
  return at < 0 ? { before: '', added: label, after: '' } : { before: label.slice(0, at), added, after: label.slice(at + added.length) }
}

/** Whether a suggestion is one place rather than the way to several. */
export function isOnePlace({ element, count }: Suggestion): boolean {
  return element === 'room' || element === 'poi' || element === 'crossing' || count === 1
}
