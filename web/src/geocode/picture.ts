// What the map shows for a state of the page. Pure.
import type { Picture } from '../map/geocode_map.ts'
import type { DeskState, Near } from './state.ts'
import { LIKELY, placeMark } from './words.ts'

export interface Said { pin: string; clicked: string }

export function pictureOf(state: DeskState, said: Said, pinRadiusM: number): Picture {
  return state.clicked ? ofClick(state, state.clicked, said, pinRadiusM) : ofAnswer(state, said)
}

function ofClick({ near }: DeskState, at: { lng: number; lat: number }, said: Said, pinRadiusM: number): Picture {
  const grids = near?.answer.geocoding
  return {
    places: near ? nearPlaces(near) : [], chosen: 0, pin: { at, title: said.clicked }, tie: near && near.drawn.length > 0 ? 'near' : 'none',
    grid: grids?.grid?.code ?? null, alsoGrids: (grids?.also_grids ?? []).map(({ code }) => code), pinRadiusM,
  }
}

const nearby = new WeakMap<Near, Picture['places']>()

/** The same list for the same answer, so that marks are not made anew for each look. */
function nearPlaces(near: Near): Picture['places'] {
  const known = nearby.get(near)
  if (known) return known
  const places = near.answer.features.slice(0, near.drawn.length).map(({ properties }, i) => ({
    at: near.drawn[i] ?? near.at, radiusM: 0, mark: placeMark(i), title: properties.geocoding.label, isLikely: true,
  }))
  nearby.set(near, places)
  return places
}

const found = new WeakMap<object, Picture['places']>()

function ofAnswer({ answered, chosen }: DeskState, said: Said): Picture {
  const places = answered ? answerPlaces(answered) : []
  const place = answered?.answer.features[chosen]?.properties
  const verdict = answered?.answer.geocoding.point
  const others = (answered?.answer.geocoding.grids ?? []).filter(({ confidence }) => confidence >= LIKELY).map(({ code }) => code)
  return {
    places, chosen, pin: answered?.pin ? { at: answered.pin, title: said.pin } : null,
    tie: !verdict ? 'none' : verdict.agrees ? 'near' : 'conflict',
    grid: place?.grid?.code ?? null, alsoGrids: others, pinRadiusM: 0,
  }
}

function answerPlaces(answered: NonNullable<DeskState['answered']>): Picture['places'] {
  const known = found.get(answered)
  if (known) return known
  const places = answered.answer.features.map(({ properties }, i) => ({
    at: answered.drawn[i] ?? { lng: 0, lat: 0 }, radiusM: properties.accuracy_m, mark: placeMark(i), title: properties.geocoding.label,
    isLikely: i === 0 || properties.confidence >= LIKELY,
  }))
  found.set(answered, places)
  return places
}
