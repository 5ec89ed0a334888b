'use client'
import { deferred } from '#components/ui/deferred'
import type { DrawerProps } from '#components/ui/drawer-popup'

/** A panel at the edge for one thing of the page behind it; on a narrow screen it is the page. */
export const Drawer = deferred<DrawerProps>(
  async () => (await import('#components/ui/drawer-popup')).DrawerPopup,
  ({ isOpen }) => isOpen,
)
