import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { Promotion } from '#lib/platform/generated/client'
import type { PromotionKind } from '#lib/promotions/promotion-kind'
import { listPromotionsInput, type PromotionPage, type PromotionState, type PromotionSummary } from '#lib/promotions/promotion'
import { peopleNames } from '#lib/releases/queries/people-names'

/** Promotions of the tenant, newest first, a page at a time. */
export async function listPromotions(ctx: TenantContext, input: z.input<typeof listPromotionsInput> = {}): Promise<PromotionPage> {
  authorize(ctx.actor, 'tenant.read')
  const { application, environment, state, kind, page, pageSize } = listPromotionsInput.parse(input)
  return ctx.read(async (tx) => {
    const where = {
      ...(state ? { state } : {}),
      ...(kind ? { kind } : {}),
      ...(application ? { applicationId: { in: await idsOf(tx.application.findMany({ where: { slug: application }, select: { id: true } })) } } : {}),
      ...(environment ? { environmentId: { in: await idsOf(tx.environment.findMany({ where: { slug: environment }, select: { id: true } })) } } : {}),
    }
    const total = await tx.promotion.count({ where })
    const rows = await tx.promotion.findMany({
      where,
      orderBy: [{ requestedAt: 'desc' }, { id: 'desc' }],
      skip: (page - 1) * pageSize,
      take: pageSize,
    })
    return { items: await summarise(tx, rows), total, page, pageSize }
  })
}

async function idsOf(rows: Promise<{ id: string }[]>): Promise<string[]> {
  return (await rows).map(({ id }) => id)
}

/** Promotions as lists show them. Five statements, however many there are. */
export async function summarise(tx: Tx, rows: readonly Promotion[]): Promise<PromotionSummary[]> {
  const applications = await tx.application.findMany({ where: { id: { in: rows.map(({ applicationId }) => applicationId) } } })
  const environments = await tx.environment.findMany({ where: { id: { in: rows.map(({ environmentId }) => environmentId) } } })
  const releaseIds = rows.map(({ releaseId }) => releaseId)
  const releases = await tx.release.findMany({ where: { id: { in: releaseIds } }, select: { id: true, name: true } })
  const components = await tx.releaseComponent.findMany({
    where: { releaseId: { in: releaseIds } },
    orderBy: { component: 'desc' },
    select: { releaseId: true, digest: true },
  })
  // The first component by name is written last.
  const digests = new Map(components.map(({ releaseId, digest }) => [releaseId, digest]))
  const people = await peopleNames(
    tx,
    rows.map(({ requestedBy }) => requestedBy),
  )
  return rows.map((row) => {
    const application = applications.find(({ id }) => id === row.applicationId)
    const environment = environments.find(({ id }) => id === row.environmentId)
    return {
      id: row.id,
      kind: row.kind as PromotionKind,
      state: row.state as PromotionState,
      application: { slug: application?.slug ?? '', name: application?.name ?? '' },
      environment: { slug: environment?.slug ?? '', name: environment?.name ?? '', isProtected: environment?.isProtected ?? false },
      release: releases.find(({ id }) => id === row.releaseId)?.name ?? '',
      digest: digests.get(row.releaseId) ?? '',
      requestedBy: { id: row.requestedBy, name: people.get(row.requestedBy) ?? row.requestedBy },
      requesterKind: row.requesterKind,
      requestedAt: row.requestedAt.toISOString(),
      settledAt: row.settledAt?.toISOString() ?? null,
      outcome: row.outcome,
    }
  })
}
