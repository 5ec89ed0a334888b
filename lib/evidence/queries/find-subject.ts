import { findPlace } from '#lib/configuration/queries/find-place'
import type { ChecklistSubject } from '#lib/evidence/facts'
import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'
import { componentSpecSchema } from '#lib/tenants/component-spec'
import { getPolicy } from '#lib/tenants/queries/get-policy'

export interface FoundSubject extends ChecklistSubject {
  application: { id: string; slug: string; name: string }
  environment: { id: string; slug: string; name: string; isProtected: boolean }
}

/** A release of an application in an environment by their names. Unknown and foreign: `not_found`. */
export async function findChecklistSubject(tx: Tx, input: { application: string; environment: string; release: string }): Promise<FoundSubject> {
  const { application, environment } = await findPlace(tx, input)
  const release = await tx.release.findUnique({ where: { applicationId_name: { applicationId: application.id, name: input.release } } })
  if (!release) throw new Refusal('not_found', `${application.slug} has no release ${input.release}.`, { fix: 'List its releases.' })
  const components = await releaseComponents(tx, [release.id])
  const { document } = await getPolicy(tx, environment.id)
  return {
    application,
    environment,
    release: { id: release.id, name: release.name, components: components.map(({ releaseId: _release, ...component }) => component) },
    parameters: document.gates.evidence?.params ?? {},
  }
}

type ComponentOfRelease = ChecklistSubject['release']['components'][number] & { releaseId: string }

export async function releaseComponents(tx: Tx, releaseIds: string[]): Promise<ComponentOfRelease[]> {
  const rows = await tx.$queryRaw<{ releaseId: string; name: string; repository: string; digest: string; spec: string }[]>`
    select c.release_id as "releaseId", c.component as name, i.repository, c.digest, c.spec
    from release_component c join image i on i.id = c.image_id where c.release_id = any(${releaseIds}) order by c.component`
  return rows.map((row) => ({ ...row, spec: componentSpecSchema.parse(JSON.parse(row.spec)) }))
}
