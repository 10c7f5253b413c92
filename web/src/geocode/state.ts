// What the page knows: one pure reducer, event → state. An answer belongs to the turn that asked for it; one that comes
// late changes nothing.
import type { GeocodeAnswer, LngLat, ReverseAnswer } from '../api/geocode_schema.ts'
import type { Problem } from '../api/schema.ts'
import type { Asked } from './request.ts'

export type Phase = 'empty' | 'asking' | 'answered' | 'failed'

/** `drawn`: the same places in WGS 84, which the map is in. */
export interface Answered { asked: Asked; answer: GeocodeAnswer; drawn: readonly LngLat[]; pin: LngLat | null; tookMs: number }
export interface Near { at: LngLat; given: LngLat; answer: ReverseAnswer; drawn: readonly LngLat[]; tookMs: number }

export interface DeskState {
  turn: number
  phase: Phase
  /** The last answer stays while the next one is under way. */
  answered: Answered | null
  chosen: number
  problem: Problem | null
  near: Near | null
  /** What was clicked and is being asked about, in WGS 84. */
  clicked: LngLat | null
  nearProblem: Problem | null
}

export type DeskEvent =
  | { kind: 'asked'; turn: number }
  | { kind: 'answered'; turn: number; answered: Answered }
  | { kind: 'failed'; turn: number; problem: Problem }
  | { kind: 'chosen'; index: number }
  | { kind: 'cleared'; turn: number }
  | { kind: 'clicked'; turn: number; at: LngLat }
  | { kind: 'near'; turn: number; near: Near }
  | { kind: 'near_failed'; turn: number; problem: Problem }
  | { kind: 'near_closed' }

export const INITIAL: DeskState = {
  turn: 0, phase: 'empty', answered: null, chosen: 0, problem: null, near: null, clicked: null, nearProblem: null,
}

export function reduce(state: DeskState, event: DeskEvent): DeskState {
  if ('turn' in event && event.turn < state.turn) return state
  switch (event.kind) {
    case 'asked':
      return { ...state, turn: event.turn, phase: 'asking', problem: null, near: null, clicked: null, nearProblem: null }
    case 'answered':
      return { ...state, phase: 'answered', answered: event.answered, chosen: 0, problem: null }
    case 'failed':
      return { ...state, phase: 'failed', answered: null, problem: event.problem }
    case 'chosen': {
      const last = (state.answered?.answer.features.length ?? 0) - 1
      const chosen = Math.max(0, Math.min(last, event.index))
      return chosen === state.chosen ? state : { ...state, chosen }
    }
    case 'cleared':
      return { ...INITIAL, turn: event.turn }
    case 'clicked':
      return { ...settled(state), turn: event.turn, clicked: event.at, near: null, nearProblem: null }
    case 'near':
      return { ...state, near: event.near, nearProblem: null }
    case 'near_failed':
      return { ...state, near: null, nearProblem: event.problem }
    case 'near_closed':
      return state.clicked === null ? state : { ...state, near: null, clicked: null, nearProblem: null }
  }
}

/** A click while an answer is under way gives it up: what was there before stands again. */
function settled(state: DeskState): DeskState {
  if (state.phase !== 'asking') return state
  return { ...state, phase: state.answered ? 'answered' : 'empty' }
}
