import { loadChecklist } from '#lib/evidence/queries/get-checklist'
import { isSettled } from '#lib/evidence/item'
import { kitDocumentSchema, type KitDocument } from '#lib/kits/document'
import { missingForHandOff } from '#lib/kits/hand-off'
import type { StageFacts } from '#lib/kits/stages'
import { actorId, type TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { HandOff, Kit, KitRevision, KitStage } from '#lib/platform/generated/client'
import { Refusal } from '#lib/platform/refusal'

export interface LoadedKit {
  kit: Kit
  revisions: KitRevision[]
  revision: KitRevision
  document: KitDocument
  stages: KitStage[]
  handOffs: HandOff[]
}

/** A kit with one of its revisions, the newest when none is named. `not_found` for what is not there, and for another tenant's. */
export async function loadKit(tx: Tx, id: string, number?: number): Promise<LoadedKit> {
  const kit = await tx.kit.findUnique({ where: { id } })
  const revisions = kit ? await tx.kitRevision.findMany({ where: { kitId: id }, orderBy: { number: 'desc' } }) : []
  const revision = number === undefined ? revisions[0] : revisions.find((one) => one.number === number)
  if (!kit) throw new Refusal('not_found', `There is no kit ${id} that you can see.`, { fix: 'List the kits.' })
  if (!revision) throw new Refusal('not_found', `The kit has no revision ${number ?? ''}.`, { fix: 'Look at its revisions.' })
  const stages = await tx.kitStage.findMany({ where: { kitId: id }, orderBy: { doneAt: 'asc' } })
  const handOffs = await tx.handOff.findMany({ where: { kitId: id }, orderBy: { acceptedAt: 'desc' } })
  return { kit, revisions, revision, document: kitDocumentSchema.parse(JSON.parse(revision.document)), stages, handOffs }
}

/** What the entry conditions of the stages ask about. */
export async function stageFacts(
  tx: Tx,
  ctx: TenantContext,
  { document, revision }: Pick<LoadedKit, 'document' | 'revision'>,
): Promise<StageFacts & { checklist: Awaited<ReturnType<typeof loadChecklist>>['checklist'] }> {
  const { application, environment } = document
  const { subject, checklist } = await loadChecklist(tx, ctx, { application, environment, release: document.release.name })
  const deployment = await tx.deployment.findUnique({
    where: { environmentId_applicationId: { environmentId: subject.environment.id, applicationId: subject.application.id } },
    select: { configRevision: true },
  })
  const manifest = checklist.items.find(({ control }) => control.id === 'rendered-manifest')
  const others = checklist.items.filter(({ control }) => control.collection !== 'signature')
  return {
    document,
    createdBy: revision.createdBy,
    actorId: actorId(ctx.actor),
    homelessSecrets: document.secrets.filter(({ owner, location }) => owner === '' || location === '').map(({ key }) => key),
    hasManifest: manifest?.status === 'pass' && manifest.rows.some(({ contentDigest }) => contentDigest === document.manifestsDigest),
    whyNotInstalled: whyNotInstalled(document, checklist.content.running, deployment?.configRevision),
    openItems: others.filter((item) => !isSettled(item)).map(({ control }) => control.title.toLowerCase()),
    isSigned: checklist.isComplete,
    missingForHandOff: missingForHandOff(checklist),
    checklist,
  }
}

type Running = { components: { name: string; digest: string }[]; drifted: unknown[] } | null

/** Why what runs is not what the kit names; '' when it is. */
function whyNotInstalled({ release, environment, configuration }: KitDocument, running: Running, revision: number | undefined): string {
  if (!running || revision === undefined) return `${release.name} does not run in ${environment}.`
  const isOther = release.components.some(({ name, digest }) => running.components.find((one) => one.name === name)?.digest !== digest)
  if (isOther || running.drifted.length > 0) return `What runs in ${environment} are other digests or values than the kit names.`
  return revision === configuration.revision ? '' : `The kit names the values of r${configuration.revision}, and r${revision} runs.`
}
