import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { canonicalJson } from '#lib/platform/canonical-json'
import { environmentOfKit, roleFor } from '#lib/kits/internal/kit-place'
import { loadKit, stageFacts } from '#lib/kits/internal/load-kit'
import { writeKitRevision } from '#lib/kits/internal/write-revision'
import { takeStageInput, type KitView, type TakeStageInput } from '#lib/kits/kit'
import { presentKit } from '#lib/kits/queries/get-kit'
import { mayEnter, mayTake, stages } from '#lib/kits/stages'
import { actorId, type TenantContext } from '#lib/platform/context'
import { isUniqueViolation } from '#lib/platform/database'
import { announce } from '#lib/platform/live-event'
import { demand, Refusal } from '#lib/platform/refusal'

/**
 * Takes the next stage of a revision, when its entry condition holds. A stage that fails ends the revision: the kit is back at
 * Package, as a new revision (S0.12). `conflict` names the missing predecessor of a stage that would be skipped.
 */
export async function takeStage(ctx: TenantContext, input: TakeStageInput): Promise<KitView> {
  const asked = takeStageInput.parse(input)
  try {
    return await ctx.write(async (tx) => {
      const loaded = await loadKit(tx, asked.kit)
      const { kit, revision, document } = loaded
      if (revision.number !== asked.revision) {
        throw new Refusal('conflict', `Revision ${revision.number} is the newest; ${asked.revision} takes no more stages.`, {
          fix: 'Look at the newest revision.',
        })
      }
      const stage = stages.find(({ id }) => id === asked.stage)
      if (!stage) throw new TypeError(`there is no stage ${asked.stage}`)
      const environment = await environmentOfKit(tx, kit)
      authorize(ctx.actor, stage.verb, { environment })
      const done = loaded.stages.filter((one) => one.revision === revision.number)
      demand(mayTake(asked.stage, done, revision.number))
      const { checklist, ...facts } = await stageFacts(tx, ctx, loaded)
      if (asked.outcome === 'done') demand(mayEnter(asked.stage, facts))
      else if (asked.note === '') throw new Refusal('invalid_input', 'Say why it failed.', { fix: 'Send a note.' })
      await tx.kitStage.create({
        data: {
          kitId: kit.id,
          tenantId: ctx.tenant.id,
          revision: revision.number,
          stage: asked.stage,
          outcome: asked.outcome,
          role: roleFor(ctx.actor, stage.verb),
          note: asked.note,
          // What was verified is kept with the stage: the checklist goes on living.
          content: asked.stage === 'verify' && asked.outcome === 'done' ? canonicalJson(checklist.content) : '',
          doneBy: actorId(ctx.actor),
        },
        select: { kitId: true },
      })
      await appendEntry(tx, ctx, {
        action: asked.outcome === 'done' ? 'kit.stage_done' : 'kit.stage_failed',
        subject: { kind: 'kit', id: kit.id, name: `${document.application} in ${document.environment}` },
        outcome: asked.outcome === 'done' ? 'done' : 'failed',
        after: { revision: revision.number, stage: asked.stage, digest: revision.digest },
        reason: asked.note,
      })
      if (asked.outcome === 'failed') {
        await writeKitRevision(tx, ctx, {
          kitId: kit.id,
          place: { application: document.application, environment: document.environment, release: document.release.name },
          added: { values: {}, runbook: {} },
          before: { number: revision.number, document },
          reason: `${stage.title} failed in revision ${revision.number}: ${asked.note}`.slice(0, 500),
        })
      }
      await announce(tx, ctx.tenant.id, 'release', kit.id)
      return presentKit(tx, ctx, kit.id)
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'kit')) throw error
    throw new Refusal('conflict', 'Somebody else took this stage at the same moment.', { fix: 'Look at the kit again.', cause: error })
  }
}
