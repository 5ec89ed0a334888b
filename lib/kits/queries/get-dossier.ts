import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { getLogStatus } from '#lib/audit/queries/get-log-status'
import { proveSubjects } from '#lib/audit/queries/prove-subjects'
import type { ChecklistView, EarlierSignOff } from '#lib/evidence/checklist-view'
import { loadReleaseChecklists } from '#lib/evidence/queries/load-release-checklists'
import { byGravity, type dossierInput } from '#lib/kits/desk'
import type { DossierChecklist, DossierView } from '#lib/kits/dossier'
import { logExceptions } from '#lib/kits/queries/get-desk'
import { loadChanges } from '#lib/kits/queries/load-changes'
import { loadStays } from '#lib/kits/queries/load-stays'
import { actorId, type TenantContext } from '#lib/platform/context'
import { getRelease } from '#lib/releases/queries/get-release'
import type { VerificationCheck } from '#lib/rollouts/verification'

/** The dossier of a release: its seal, every change that ran with it, and the entries of the log about it with their proofs. */
export async function getDossier(ctx: TenantContext, input: z.output<typeof dossierInput>): Promise<DossierView> {
  authorize(ctx.actor, 'desk.use')
  const release = await getRelease(ctx, input)
  const status = await getLogStatus(ctx)
  const at = ctx.now().toISOString()
  return ctx.read(async (tx) => {
    const tenant = await tx.tenant.findUniqueOrThrow({ where: { id: ctx.tenant.id }, select: { slug: true, name: true } })
    const environments = await tx.environment.findMany({ select: { id: true } })
    const changes = (await loadChanges(tx, ctx.tenant, { environmentIds: environments.map(({ id }) => id), releaseId: release.id })).toReversed()
    const rollouts = await tx.rollout.findMany({ where: { promotionId: { in: changes.map(({ id }) => id) } } })
    // A request that never ran is part of the story too: the log has it.
    const promotions = await tx.promotion.findMany({ where: { releaseId: release.id }, select: { id: true } })
    const { checklists, subjects: ofChecklists } = await loadReleaseChecklists(tx, ctx, release)
    const subjects = [`release:${release.id}`, ...promotions.map(({ id }) => `promotion:${id}`), ...ofChecklists]
    return {
      at,
      by: { id: actorId(ctx.actor), name: 'name' in ctx.actor ? ctx.actor.name : '' },
      tenant,
      release,
      stays: await loadStays(tx, release.id),
      changes: changes.map((change) => {
        const rollout = rollouts.find(({ promotionId }) => promotionId === change.id)
        return {
          ...change,
          rollout: {
            phase: rollout?.phase ?? '',
            failedPhase: rollout?.failedPhase ?? null,
            message: rollout?.message ?? '',
            startedAt: rollout?.startedAt?.toISOString() ?? null,
            appliedAt: rollout?.appliedAt?.toISOString() ?? null,
            settledAt: rollout?.settledAt?.toISOString() ?? null,
            checks: JSON.parse(rollout?.checks ?? '[]') as VerificationCheck[],
          },
        }
      }),
      checklists: checklists.map(({ view, earlierSignOffs }) => toDossier(view, earlierSignOffs)),
      exceptions: [...logExceptions(status, at), ...changes.flatMap(({ exceptions }) => exceptions)].toSorted(byGravity),
      log: await proveSubjects(tx, ctx.tenant.id, subjects),
      status: { sealed: status.sealed, findings: status.findings, verification: status.verification, anchor: status.anchor },
    }
  })
}

/** What a reader needs of a checklist; what they may do to it is not part of a record. */
function toDossier(view: ChecklistView, earlierSignOffs: EarlierSignOff[]): DossierChecklist {
  const { environment, isRunning, items, content, digest, isComplete, settled, signOff, approval, risks, key } = view
  return {
    environment,
    isRunning,
    items: items.map(({ attach: _attach, parts: _parts, ...item }) => item),
    content,
    digest,
    isComplete,
    settled,
    signOff,
    earlierSignOffs,
    approval,
    risks,
    key,
  }
}
