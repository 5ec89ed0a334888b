import { authorize } from '#lib/access/authorize'
import { jarFactsSchema } from '#lib/tenants/jar-facts'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'
import { publicUrl } from '#lib/platform/settings'
import type { LayerSummary, ReleaseView } from '#lib/releases/release'
import { channelOf } from '#lib/releases/release-name'
import { peopleNames } from '#lib/releases/queries/people-names'
import { componentSpecSchema } from '#lib/tenants/component-spec'
import { findApplication } from '#lib/tenants/queries/find-application'

/** One release with its seal line, layers, where it runs and where it went. `not_found` for unknown and foreign alike. */
export async function getRelease(ctx: TenantContext, input: { application: string; release: string }): Promise<ReleaseView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const application = await findApplication(tx, input.application)
    const release = await tx.release.findUnique({ where: { applicationId_name: { applicationId: application.id, name: input.release } } })
    if (!release) throw new Refusal('not_found', `${input.application} has no release ${input.release}.`)
    const components = await loadComponents(tx, release.id)
    const first = components[0]
    const names = await peopleNames(tx, [release.createdBy])
    const history = await loadHistory(tx, release.id)
    const running = await tx.deployment.findMany({ where: { releaseId: release.id, isStopped: false }, select: { environmentId: true } })
    const environments = await tx.environment.findMany({
      where: { id: { in: running.map(({ environmentId }) => environmentId) } },
      orderBy: { rank: 'asc' },
    })
    return {
      id: release.id,
      name: release.name,
      channel: channelOf(release.name) ?? 'content',
      application: { slug: application.slug, name: application.name },
      digest: first?.digest ?? '',
      sizeBytes: components.reduce((sum, component) => sum + component.sizeBytes, 0),
      commit: release.commit,
      notes: release.notes,
      createdAt: release.createdAt.toISOString(),
      createdBy: { id: release.createdBy, name: names.get(release.createdBy) ?? release.createdBy },
      runsIn: environments.map(({ slug }) => slug),
      components: components.map(({ sizeBytes: _size, facts: _facts, ...component }) => component),
      facts: first?.facts ?? null,
      history,
      pullLine: `docker pull ${new URL(publicUrl()).host}/${first?.repository ?? ''}:${release.name}`,
    }
  })
}

async function loadComponents(tx: Tx, releaseId: string) {
  const rows = await tx.releaseComponent.findMany({ where: { releaseId }, orderBy: { component: 'asc' } })
  const images = await tx.image.findMany({ where: { id: { in: rows.map(({ imageId }) => imageId) } } })
  const artifacts = await tx.artifact.findMany({ where: { id: { in: images.flatMap(({ artifactId }) => artifactId ?? []) } } })
  return rows.flatMap((row) => {
    const image = images.find(({ id }) => id === row.imageId)
    if (!image) return []
    const artifact = artifacts.find(({ id }) => id === image.artifactId)
    return [
      {
        name: row.component,
        repository: image.repository,
        digest: row.digest,
        sizeBytes: Number(image.sizeBytes),
        spec: componentSpecSchema.parse(JSON.parse(row.spec)),
        layers: layersOf(image.layers),
        facts: artifact ? factsOf(artifact.facts) : null,
        seal: {
          artifactDigest: artifact?.digest ?? '',
          artifactSizeBytes: Number(artifact?.sizeBytes ?? 0),
          fileName: artifact?.fileName ?? '',
          baseReference: image.baseReference,
          baseDigest: image.baseDigest,
          imageDigest: image.digest,
          builderVersion: image.builderVersion,
          buildCount: image.buildCount,
          buildMs: image.buildMs,
        },
      },
    ]
  })
}

/** What a layer was made of is of interest to the next build only. */
function layersOf(text: string): LayerSummary[] {
  return (JSON.parse(text) as (LayerSummary & { source?: string })[]).map(({ source: _source, ...layer }) => layer)
}

function factsOf(text: string): ReleaseView['facts'] {
  const facts = jarFactsSchema.parse(JSON.parse(text))
  return {
    kind: facts.kind,
    mainClass: facts.mainClass,
    javaLevel: facts.javaLevel,
    entries: facts.entries,
    coordinates: facts.coordinates,
    springBootVersion: facts.springBootVersion ?? '',
  }
}

async function loadHistory(tx: Tx, releaseId: string): Promise<ReleaseView['history']> {
  const promotions = await tx.promotion.findMany({ where: { releaseId }, orderBy: { requestedAt: 'desc' }, take: 50 })
  const environments = await tx.environment.findMany({ select: { id: true, slug: true } })
  return promotions.map((promotion) => ({
    environment: environments.find(({ id }) => id === promotion.environmentId)?.slug ?? '',
    kind: promotion.kind,
    state: promotion.state,
    at: (promotion.settledAt ?? promotion.requestedAt).toISOString(),
    promotionId: promotion.id,
  }))
}
