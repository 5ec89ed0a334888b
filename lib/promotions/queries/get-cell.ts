import type { z } from 'zod'
import { authorize, may } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { boardCell, boardColumn, gatesNow } from '#lib/promotions/board-row'
import type { cellInput, CellView, NextRelease } from '#lib/promotions/cell'
import { blocks, sortGates } from '#lib/promotions/gates'
import { findSubject, type Subject } from '#lib/promotions/internal/find-subject'
import { summarise } from '#lib/promotions/queries/list-promotions'
import { peopleNames } from '#lib/releases/queries/people-names'
import { mayGoBack } from '#lib/promotions/resolve-request'
import { nextCloseAt, nextOpenAt, type ReleaseFacts } from '#lib/promotions/situation'

/** How many of the newest releases are looked through for what could come next. */
const lookedThrough = 30

/** One application in one environment: what runs, what is in flight, up to three newer releases with what blocks each, what happened. */
export async function getCell(ctx: TenantContext, input: z.output<typeof cellInput>): Promise<CellView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const subject = await findSubject(tx, ctx.tenant, input, { newestReleases: lookedThrough })
    const { situation, place } = subject
    const { application, environment } = place
    const scope = { applicationId: application.id, environmentId: environment.id }
    const recent = await summarise(tx, await tx.promotion.findMany({ where: scope, orderBy: { requestedAt: 'desc' }, take: 10 }))
    const replicas = await tx.replica.findMany({ where: scope, orderBy: { id: 'asc' } })
    const inFlight = application.unsettled.get(environment.id)
    return {
      application: { slug: application.slug, name: application.name, componentCount: application.componentCount },
      environment: boardColumn(situation, environment),
      now: boardCell(situation, application, environment),
      closesAt: nextCloseAt(situation, application.id, environment.id)?.toISOString() ?? null,
      opensAt: nextOpenAt(situation, application.id, environment.id)?.toISOString() ?? null,
      address: await addressOf(tx, environment.id, application.id),
      replicas: replicas.map(({ id, component, digest, state, reason, startedAt, observedAt }) => ({
        id,
        component,
        digest,
        state,
        reason,
        startedAt: startedAt?.toISOString() ?? null,
        observedAt: observedAt.toISOString(),
      })),
      inFlight: recent.find(({ id }) => id === inFlight?.id) ?? null,
      next: await nextReleases(tx, subject),
      recent: recent.filter(({ id }) => id !== inFlight?.id),
      may: {
        request: may(ctx.actor, 'promotion.request', { environment }),
        rollBack: firstRefusal(may(ctx.actor, 'rollback.request', { environment }), mayGoBack(place, application.deployments.get(environment.id))),
        operate: may(ctx.actor, 'deployment.operate', { environment }),
        editOverlay: may(ctx.actor, 'overlay.edit', { environment }),
        hold: may(ctx.actor, 'hold.set', { environment }),
      },
    }
  })
}

function firstRefusal(left: CellView['may']['request'], right: CellView['may']['request']): CellView['may']['request'] {
  return left.allowed ? right : left
}

/** Newer than what runs; into an environment with upstream ones, only what completed there already. Newest first. */
async function nextReleases(tx: Tx, { situation, place }: Subject): Promise<NextRelease[]> {
  const { application, environment } = place
  const deployment = application.deployments.get(environment.id)
  const running = deployment ? (application.releases.get(deployment.releaseId)?.sequence ?? 0) : 0
  const isEntry = environment.upstreamIds.length === 0
  const reached = (release: ReleaseFacts) => isEntry || environment.upstreamIds.some((id) => application.completed.get(id)?.has(release.id))
  const newer = [...application.releases.values()].filter((release) => release.sequence > running && reached(release)).slice(0, 3)
  const people = await peopleNames(
    tx,
    newer.map(({ createdBy }) => createdBy),
  )
  const kind = isEntry ? 'deploy' : 'promote'
  return newer.map((release) => ({
    release: release.name,
    digest: release.components[0]?.digest ?? '',
    createdAt: release.createdAt.toISOString(),
    createdBy: { id: release.createdBy, name: people.get(release.createdBy) ?? release.createdBy },
    kind,
    blockedBy: sortGates(gatesNow(situation, application, environment, release, kind).filter(blocks)),
  }))
}

/** The gateway's port on this machine; '' where the runtime gives the address itself. */
async function addressOf(tx: Tx, environmentId: string, applicationId: string): Promise<string> {
  const route = await tx.gatewayRoute.findUnique({ where: { environmentId_applicationId: { environmentId, applicationId } } })
  return route ? `http://127.0.0.1:${route.port}` : ''
}
