// The screen's measure: one rem is 16 px of the 1920 × 1080 design, on any screen. Wider walls (up to 32:9) get more map,
// not larger letters. Nothing is scaled by transform, which would blur text and shift clicks.
import { onBeforeUnmount, onMounted, shallowRef, type ShallowRef } from 'vue'

const DESIGN = { width: 1920, height: 1080, rem: 16 } as const

/** Screen pixels per pixel of the design. */
export function designFactor(width: number, height: number): number {
  return Math.min(width / DESIGN.width, height / DESIGN.height)
}

export function useScreen(): Readonly<ShallowRef<number>> {
  const factor = shallowRef(designFactor(innerWidth, innerHeight))
  const measure = (): void => {
    factor.value = designFactor(innerWidth, innerHeight)
    document.documentElement.style.fontSize = `${factor.value * DESIGN.rem}px`
  }
  measure()
  onMounted(() => addEventListener('resize', measure))
  onBeforeUnmount(() => removeEventListener('resize', measure))
  return factor
}

/** Local time, renewed every second on the second; one timer for the whole wall. */
export function useNow(): Readonly<ShallowRef<number>> {
  const now = shallowRef(Date.now())
  let timer: ReturnType<typeof setTimeout>
  const tick = (): void => {
    now.value = Date.now()
    timer = setTimeout(tick, 1_000 - (now.value % 1_000) + 5)
  }
  onMounted(tick)
  onBeforeUnmount(() => clearTimeout(timer))
  return now
}
