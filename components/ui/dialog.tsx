'use client'
import { deferred } from '#components/ui/deferred'
import type { DialogProps } from '#components/ui/dialog-popup'

/** A modal dialog: focus stays in it and returns to where it came from, Escape and the ground close it. */
export const Dialog = deferred<DialogProps>(
  async () => (await import('#components/ui/dialog-popup')).DialogPopup,
  ({ isOpen }) => isOpen,
)
