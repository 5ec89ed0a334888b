'use client'
import { createParser, useQueryState } from 'nuqs'
import { useCallback } from 'react'
import { promotionKinds, type PromotionKind } from '#lib/promotions/promotion-kind'

/** What a sheet is opened for. Without a release it is the newest that can come next, without a kind the one that fits the place. */
export interface SheetAsk {
  application: string
  environment: string
  release?: string | undefined
  kind?: PromotionKind | undefined
  /** Of scale. */
  replicas?: number | undefined
}

/** `application/environment[/release[/kind[/replicas]]]`, an empty segment for what is left open. */
const parseAsSheet = createParser<SheetAsk>({
  parse(text) {
    const [application, environment, release, kind, replicas] = text.split('/')
    if (!application || !environment) return null
    return {
      application,
      environment,
      release: release || undefined,
      kind: promotionKinds.find((one) => one === kind),
      replicas: replicas && /^\d{1,3}$/.test(replicas) ? Number(replicas) : undefined,
    }
  },
  serialize({ application, environment, release = '', kind = '', replicas = '' }) {
    return [application, environment, release, kind, replicas].join('/').replace(/\/+$/, '')
  },
  eq: (left, right) => JSON.stringify(left) === JSON.stringify(right),
})

/** The sheet in the address (`?sheet=`), so that it can be shared: what it is open for, and how to open and close it. */
export function useSheet(): { ask: SheetAsk | null; open: (ask: SheetAsk) => void; close: () => void } {
  const [ask, setAsk] = useQueryState('sheet', parseAsSheet.withOptions({ history: 'push' }))
  const open = useCallback((next: SheetAsk) => void setAsk(next), [setAsk])
  const close = useCallback(() => void setAsk(null, { history: 'replace' }), [setAsk])
  return { ask, open, close }
}
