'use client'
import type { PaletteProps } from '#components/layout/palette-popup'
import { deferred } from '#components/ui/deferred'

/** Every noun and verb, and everywhere a digest, tag, commit or name is or was. */
export const Palette = deferred<PaletteProps>(
  async () => (await import('#components/layout/palette-popup')).PalettePopup,
  ({ isOpen }) => isOpen,
)
