import { authorize, requirePerson } from '#lib/access/authorize'
import { requireRecentAuthentication } from '#lib/access/recent-authentication'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { handOffAreas } from '#lib/kits/hand-off'
import { environmentOfKit, roleFor } from '#lib/kits/internal/kit-place'
import { loadKit, stageFacts } from '#lib/kits/internal/load-kit'
import { handOffInput, type HandOffInput, type KitView } from '#lib/kits/kit'
import { presentKit } from '#lib/kits/queries/get-kit'
import { mayEnter, mayTake } from '#lib/kits/stages'
import { canonicalJson } from '#lib/platform/canonical-json'
import type { TenantContext } from '#lib/platform/context'
import { isUniqueViolation } from '#lib/platform/database'
import { announce } from '#lib/platform/live-event'
import { demand, Refusal } from '#lib/platform/refusal'
import { pinManifest } from '#lib/registry/commands/pin-manifest'

/**
 * A platform team takes a revision over (S0.21): all seven stages before it, all nine areas, and neither owner, secret, backup, alert
 * nor recovery test missing. Asks for a password of the last five minutes. The owner changes, and the images are kept.
 */
export async function acceptHandOff(ctx: TenantContext, input: HandOffInput): Promise<KitView> {
  const asked = handOffInput.parse(input)
  try {
    return await ctx.write(async (tx) => {
      const loaded = await loadKit(tx, asked.kit)
      const { kit, revision, document, handOffs } = loaded
      if (revision.number !== asked.revision) {
        throw new Refusal('conflict', `Revision ${revision.number} is the newest; ${asked.revision} is not handed off any more.`, {
          fix: 'Look at the newest revision.',
        })
      }
      authorize(ctx.actor, 'kit.accept', { environment: await environmentOfKit(tx, kit) })
      const person = requirePerson(ctx.actor)
      demand(
        mayTake(
          'hand-off',
          loaded.stages.filter((one) => one.revision === revision.number),
          revision.number,
        ),
      )
      const empty = handOffAreas.filter(({ id }) => asked.areas[id] === '').map(({ title }) => title)
      if (empty.length > 0)
        throw new Refusal('invalid_input', `The hand-off says nothing about ${empty.join(', ')}.`, { fix: 'Fill in all nine areas.' })
      const { checklist, ...facts } = await stageFacts(tx, ctx, loaded)
      demand(mayEnter('hand-off', facts))
      if (facts.whyNotInstalled !== '') throw new Refusal('conflict', facts.whyNotInstalled, { fix: 'Make a new revision.' })
      requireRecentAuthentication(ctx)
      const common = { kitId: kit.id, tenantId: ctx.tenant.id, revision: revision.number }
      await tx.handOff.create({
        data: { ...common, team: asked.team, areas: canonicalJson(asked.areas), acceptedBy: person.id, authenticatedAt: person.authenticatedAt },
        select: { kitId: true },
      })
      const role = roleFor(ctx.actor, 'kit.accept')
      const content = canonicalJson(checklist.content)
      await tx.kitStage.create({ data: { ...common, stage: 'hand-off', outcome: 'done', role, content, doneBy: person.id }, select: { kitId: true } })
      const repositories = await tx.image.findMany({
        where: { digest: { in: document.release.components.map(({ digest }) => digest) } },
        select: { repository: true, digest: true },
      })
      for (const { repository, digest } of repositories) {
        await pinManifest(tx, {
          tenantId: ctx.tenant.id,
          repository,
          digest,
          pinnedBy: `kit:${kit.id}`,
          reason: `the kit of ${document.application} in ${document.environment}`,
        })
      }
      await appendEntry(tx, ctx, {
        action: 'kit.handed_off',
        subject: { kind: 'kit', id: kit.id, name: `${document.application} in ${document.environment}` },
        before: { owner: handOffs[0]?.team ?? '' },
        after: {
          owner: asked.team,
          revision: revision.number,
          digest: revision.digest,
          checklist: checklist.digest,
          authenticatedAt: person.authenticatedAt.toISOString(),
        },
      })
      await announce(tx, ctx.tenant.id, 'release', kit.id)
      return presentKit(tx, ctx, kit.id)
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'kit') && !isUniqueViolation(error, 'hand_off')) throw error
    throw new Refusal('conflict', 'It was handed off a moment ago.', { fix: 'Look at the kit again.', cause: error })
  }
}
