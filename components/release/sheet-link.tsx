import type { PromotionKind } from '#lib/promotions/promotion-kind'

interface SheetTarget {
  application: string
  environment: string
  /** Left out where the kind keeps what runs. */
  release?: string | undefined
  kind: PromotionKind
}

/** The address under which the promotion sheet stands open: `?sheet=app/env/release/kind`. */
export function sheetHref(tenant: string, { application, environment, release = '', kind }: SheetTarget): string {
  const parts = [application, environment, release, kind].map((part) => encodeURIComponent(part))
  return `/t/${encodeURIComponent(tenant)}?sheet=${parts.join('/')}`
}

/** The address of the rollback page, with a release chosen. */
export function rollbackHref(tenant: string, { application, environment, release }: Required<Omit<SheetTarget, 'kind'>>): string {
  return `/t/${encodeURIComponent(tenant)}/rollback?${new URLSearchParams({ app: application, env: environment, ...(release ? { to: release } : {}) })}`
}

/** The address of a release. */
export function releaseHref(tenant: string, application: string, release: string): string {
  return `/t/${encodeURIComponent(tenant)}/releases/${encodeURIComponent(application)}/${encodeURIComponent(release)}`
}

/** The address of an environment, with one application in view. */
export function environmentHref(tenant: string, environment: string, application?: string): string {
  const path = `/t/${encodeURIComponent(tenant)}/environments/${encodeURIComponent(environment)}`
  return application === undefined ? path : `${path}?app=${encodeURIComponent(application)}`
}
