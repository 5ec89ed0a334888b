'use client'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { verbsOf } from '#lib/access/permissions'
import type { LogStatus } from '#lib/audit/finding'
import type { BoardView } from '#lib/promotions/board'
import type { PromotionKind } from '#lib/promotions/promotion-kind'
import type { ReleaseSummary } from '#lib/releases/release'
import type { TenantView } from '#lib/tenants/tenant'

export interface FirstStep {
  title: string
  /** What it is for, or how it is done. */
  words: string
  isDone: boolean
  href: string
}

/**
 * The six steps of a first run, ticked by what the tenant holds and never by clicks; undefined until everything was looked at.
 * `isEnabled` keeps a tenant that is long past it from being asked.
 */
export function useFirstRun(tenant: string, board: BoardView | undefined, view: TenantView | undefined, isEnabled: boolean): FirstStep[] | undefined {
  const mayInvite = view !== undefined && verbsOf(view.roles).includes('member.manage')
  const releases = useApi<{ releases: ReleaseSummary[] }>(tenantKey(tenant, 'release', 'first'), tenantPath(tenant, 'releases'), {
    query: { limit: 1 },
    isEnabled,
  })
  const invitations = useApi<{ items: unknown[] }>(tenantKey(tenant, 'settings', 'invitations'), tenantPath(tenant, 'invitations'), {
    isEnabled: isEnabled && mayInvite,
  })
  const log = useApi<LogStatus>(tenantKey(tenant, 'audit', 'status'), tenantPath(tenant, 'audit', 'status'), { isEnabled })
  const deployed = useCompleted(tenant, 'deploy', isEnabled)
  const promoted = useCompleted(tenant, 'promote', isEnabled)
  const rolledBack = useCompleted(tenant, 'rollback', isEnabled)
  if (!board || !view || !releases.data || !log.data || deployed === undefined || promoted === undefined || rolledBack === undefined) return undefined
  if (mayInvite && invitations.isPending) return undefined
  const [first] = board.environments
  const at = (path: string): string => `/t/${tenant}${path}`
  const application = board.rows[0]?.application.slug
  const lift = (environment: string | undefined): string =>
    application && environment ? at(`?sheet=${application}/${environment}`) : at('/releases/new')
  return [
    {
      title: 'Make an application',
      words: 'One name for what your JARs are releases of.',
      isDone: view.usage.applications > 0,
      href: at('/releases/new'),
    },
    {
      title: 'Upload a JAR',
      words: 'It is sealed once into an image whose digest never changes.',
      isDone: releases.data.releases.length > 0,
      href: at('/releases/new'),
    },
    {
      title: `Deploy it to ${first?.slug ?? 'the first environment'}`,
      words: 'The sheet shows what will happen before it does.',
      isDone: deployed > 0,
      href: lift(first?.slug),
    },
    board.isLowTier
      ? {
          title: 'Deploy the next release',
          words: 'Replicas are exchanged one by one, behind one address.',
          isDone: deployed > 1,
          href: lift(first?.slug),
        }
      : {
          title: 'Promote the same digest',
          words: 'Through the lock between two environments.',
          isDone: promoted > 0,
          href: lift(board.environments[1]?.slug),
        },
    {
      title: 'Invite somebody',
      words: 'Nobody approves their own request.',
      isDone: view.usage.members > 1 || (invitations.data?.items.length ?? 0) > 0,
      href: at('/settings/members?do=invite'),
    },
    {
      title: 'Roll back, or verify the log',
      words: 'Know both before you need them.',
      isDone: rolledBack > 0 || (log.data.verification?.size ?? 0) > 0,
      href: application && first && deployed > 1 ? at(`/rollback?app=${application}&env=${first.slug}`) : at('/audit'),
    },
  ]
}

function useCompleted(tenant: string, kind: PromotionKind, isEnabled: boolean): number | undefined {
  const found = useApi<{ total: number }>(tenantKey(tenant, 'promotion', 'completed', kind), tenantPath(tenant, 'promotions'), {
    query: { kind, state: 'completed', pageSize: 1 },
    isEnabled,
  })
  return found.data?.total
}
