// Holds the wall's state for the panels (reactive) and for the map (told of each change as it happens).
import { shallowRef, type ShallowRef } from 'vue'
import { INITIAL, reduce, type WallEvent, type WallState } from './state.ts'

export interface Store {
  readonly state: Readonly<ShallowRef<WallState>>
  dispatch(event: WallEvent): void
  /** Calls back after each change; gives back how to stop. */
  subscribe(listener: (state: WallState, before: WallState) => void): () => void
}

export function createStore(initial: WallState = INITIAL): Store {
  const state = shallowRef(initial)
  const listeners = new Set<(state: WallState, before: WallState) => void>()
  return {
    state,
    dispatch(event) {
      const before = state.value
      const after = reduce(before, event)
      if (after === before) return
      state.value = after
      for (const listener of listeners) listener(after, before)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
