'use client'
import { createContext, use } from 'react'

/** Opens the palette; null where there is none (outside the console). */
export const PaletteContext = createContext<(() => void) | null>(null)

export function useOpenPalette(): (() => void) | null {
  return use(PaletteContext)
}
