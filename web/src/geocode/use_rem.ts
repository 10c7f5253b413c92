// How large one rem is, in units of the design's 16 px: what the style sheet decides, the map follows.
import { onBeforeUnmount, onMounted, shallowRef, type ShallowRef } from 'vue'

const DESIGN_REM = 16

export function useRem(): Readonly<ShallowRef<number>> {
  const measured = (): number => parseFloat(getComputedStyle(document.documentElement).fontSize) / DESIGN_REM
  const factor = shallowRef(measured())
  const measure = (): void => {
    factor.value = measured()
  }
  onMounted(() => addEventListener('resize', measure))
  onBeforeUnmount(() => removeEventListener('resize', measure))
  return factor
}
