// What the wall's panels share.
import { inject, type InjectionKey, type ShallowRef } from 'vue'
import type { Service } from '../api/client.ts'
import type { AreaTree, GridShelf } from './areas.ts'
import type { Store } from './store.ts'

export interface WallContext {
  service: Service
  store: Store
  areas: Readonly<ShallowRef<AreaTree | null>>
  grids: GridShelf
  /** Screen pixels per pixel of the 1920 design. */
  factor: Readonly<ShallowRef<number>>
  /** Local time in ms, renewed each second. */
  now: Readonly<ShallowRef<number>>
}

export const WALL: InjectionKey<WallContext> = Symbol('wall')

export function useWall(): WallContext {
  const context = inject(WALL)
  if (!context) throw new Error('a panel of the wall stands outside the wall')
  return context
}
