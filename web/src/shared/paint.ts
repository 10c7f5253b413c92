// Gives the colours of colors.ts to the style sheets as custom properties, so that no sheet has colours of its own.
import { INK, MEANING, OPEN_CASES } from './colors.ts'

export function paintRoot(root: HTMLElement = document.documentElement): void {
  for (const [name, color] of Object.entries({ ...INK, ...MEANING })) root.style.setProperty(`--${name}`, color)
  OPEN_CASES.forEach((color, i) => root.style.setProperty(`--open-${i + 1}`, color))
}
