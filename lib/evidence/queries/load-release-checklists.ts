import type { ChecklistView, EarlierSignOff } from '#lib/evidence/checklist-view'
import { presentChecklist } from '#lib/evidence/queries/get-checklist'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { peopleNames } from '#lib/releases/queries/people-names'

export interface ReleaseChecklist {
  view: ChecklistView
  /** Newest first, without the one of the view. */
  earlierSignOffs: EarlierSignOff[]
}

export interface ReleaseChecklists {
  /** In the order of the environments. */
  checklists: ReleaseChecklist[]
  /** `kind:id` of the log's subjects that they rest on. */
  subjects: string[]
}

/** The checklist of a release in each environment where it was rolled out, or where something is known about it. */
export async function loadReleaseChecklists(
  tx: Tx,
  ctx: TenantContext,
  release: { id: string; name: string; application: { slug: string } },
): Promise<ReleaseChecklists> {
  const places = await tx.$queryRaw<{ id: string; slug: string }[]>`
    select e.id, e.slug from environment e where e.id in (
      select p.environment_id from promotion p join rollout o on o.promotion_id = p.id where p.release_id = ${release.id}
      union select environment_id from evidence where release_id = ${release.id} and environment_id is not null
      union select environment_id from sign_off where release_id = ${release.id})
    order by e.rank, e.slug`
  const signOffs = await tx.signOff.findMany({ where: { releaseId: release.id }, orderBy: [{ signedAt: 'desc' }, { id: 'desc' }] })
  const people = await peopleNames(
    tx,
    signOffs.map(({ signedBy }) => signedBy),
  )
  const checklists: ReleaseChecklist[] = []
  for (const { id: environmentId, slug } of places) {
    const view = await presentChecklist(tx, ctx, { application: release.application.slug, environment: slug, release: release.name })
    const earlier = signOffs.filter((one) => one.environmentId === environmentId && one.id !== view.signOff?.id)
    checklists.push({
      view,
      earlierSignOffs: earlier.map(({ id, signedBy, signedAt, meaning, comment, checklistDigest, envelope }) => {
        return {
          id,
          signedBy: { id: signedBy, name: people.get(signedBy) ?? signedBy },
          signedAt: signedAt.toISOString(),
          meaning,
          comment,
          checklistDigest,
          envelope,
        }
      }),
    })
  }
  const items = checklists.flatMap(({ view }) => view.items)
  return {
    checklists,
    subjects: [
      ...new Set([
        ...signOffs.map(({ id }) => `checklist:${id}`),
        ...items.flatMap(({ evidence }) => evidence.map(({ id }) => `evidence:${id}`)),
        ...items.flatMap(({ waiver }) => (waiver ? [`waiver:${waiver.id}`] : [])),
      ]),
    ],
  }
}
