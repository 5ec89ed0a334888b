// The intake: JAR → inspected → image → release. The slow part touches no row; the rows are written in one transaction.
import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { builderVersion } from '#lib/builder/builder-version'
import { buildImage } from '#lib/builder/commands/build-image'
import type { ConfigProperty } from '#lib/tenants/config-property'
import { resolveBase } from '#lib/builder/commands/resolve-base'
import type { BaseImage, BuiltImage, JarInspection, LayerView } from '#lib/builder/image'
import { jarFactsSchema, suggestSpec, type JarFacts } from '#lib/tenants/jar-facts'
import { canonicalJson, sha256Hex } from '#lib/platform/canonical-json'
import { actorId, type TenantContext } from '#lib/platform/context'
import { isUniqueViolation, type Tx } from '#lib/platform/database'
import { blobStore } from '#lib/platform/disk-blob-store'
import { newId } from '#lib/platform/id'
import { announce } from '#lib/platform/live-event'
import { demand, Refusal } from '#lib/platform/refusal'
import { readSettings } from '#lib/platform/settings'
import { fetchImage } from '#lib/registry/client'
import { pinManifest } from '#lib/registry/commands/pin-manifest'
import { putImage } from '#lib/registry/commands/put-image'
import { parseRepositoryName } from '#lib/registry/repository-name'
import type { ReceivedArtifact } from '#lib/releases/commands/receive-artifact'
import { getRelease } from '#lib/releases/queries/get-release'
import { explicitSpec, type UploadInput, type UploadResult } from '#lib/releases/release'
import { channelOf, contentName, mayName, nextName } from '#lib/releases/release-name'
import { mayDepend } from '#lib/tenants/component-graph'
import { componentSpecSchema, type ComponentSpec } from '#lib/tenants/component-spec'
import { findApplication } from '#lib/tenants/queries/find-application'

/**
 * Seals received bytes into an image and names it. The same bytes under the same name answer the release that is there;
 * the same bytes under another name share the image; other bytes under a taken name are refused (`tag_taken`).
 */
export async function sealRelease(ctx: TenantContext, input: UploadInput, received: ReceivedArtifact): Promise<UploadResult> {
  authorize(ctx.actor, 'artifact.upload')
  if (input.name !== undefined) demand(mayName(input.name))
  if (input.digest !== undefined && input.digest !== received.digest) throw otherBytes(input.digest, received.digest)
  const explicit = parseSpec(input.spec)
  const { application, component } = await ctx.read((tx) => findPlace(tx, input.application))
  const base = await resolveBase(readSettings().CAISSON_BASE_IMAGE, blobStore(), fetchImage)
  const standing = input.name === undefined ? undefined : await ctx.read((tx) => standingRelease(tx, application.id, input.name ?? ''))
  const answer = standing && (await answerStanding(ctx, input, standing, received, base))

  const repository = `${ctx.tenant.slug}/${application.slug}`
  const known = await ctx.read((tx) => knownImage(tx, repository, received.digest, base))
  if (known) await mendImage(ctx, repository, known, { received, fileName: input.fileName, base })
  if (answer) return answer
  if (known && input.name === undefined) {
    const named = await ctx.read((tx) => standingRelease(tx, application.id, contentName(known.digest)))
    if (named) return answerStanding(ctx, input, named, received, base)
  }
  const startedAt = performance.now()
  // One that was pruned is built again.
  const kept = known?.blobs ? known : undefined
  const image = kept ?? (await buildFrom(ctx, repository, { received, fileName: input.fileName, base }))
  const buildMs = Math.round(performance.now() - startedAt)
  const name = input.name ?? contentName(image.digest)
  await blobStore().adopt(received.path, received.digest, received.stamp)
  const seal: Seal = { input, explicit, name, application, component, repository, received, base, image, buildMs }
  try {
    await ctx.write((tx) => writeRelease(tx, ctx, seal))
  } catch (error) {
    if (!isUniqueViolation(error, 'name') && !isUniqueViolation(error, 'sequence') && !isUniqueViolation(error, 'image')) throw error
    // Somebody sealed the same name, or the same bytes, a moment ago: look again.
    const winner = await ctx.read((tx) => standingRelease(tx, application.id, name))
    if (winner) return answerStanding(ctx, { ...input, name }, winner, received, base)
    await ctx.write((tx) => writeRelease(tx, ctx, seal))
  }
  return { release: await getRelease(ctx, { application: application.slug, release: name }), isNew: true, wasBuilt: !kept }
}

/** An upload brings one JAR, so that it is for an application of one component, whose repository is the application's. */
async function findPlace(tx: Tx, slug: string): Promise<Pick<Seal, 'application' | 'component'>> {
  const application = await findApplication(tx, slug)
  const components = await tx.component.findMany({ where: { applicationId: application.id }, orderBy: { name: 'asc' }, select: { name: true } })
  const [only] = components
  if (only && components.length === 1) return { application, component: only.name }
  throw new Refusal(
    'conflict',
    `${slug} is made of ${components.map(({ name }) => name).join(', ')}, and an upload brings the JAR of one component.`,
    {
      fix: 'Make an application for each JAR, and upload there.',
    },
  )
}

function otherBytes(expected: string, found: string): Refusal {
  return new Refusal('invalid_input', `The bytes that arrived hash to ${found}, not to ${expected}.`, {
    fix: 'Upload the file again, or look which file was meant.',
  })
}

function parseSpec(text: string | undefined): ComponentSpec | undefined {
  if (text === undefined) return undefined
  const parsed = explicitSpec.safeParse(text)
  if (parsed.success) return parsed.data
  throw new Refusal('invalid_input', `The component spec cannot be used: ${parsed.error.issues.map(({ message }) => message).join('; ')}`, {
    fix: 'Correct it, or leave it out for the one of the application.',
  })
}

interface Seal {
  input: UploadInput
  explicit: ComponentSpec | undefined
  name: string
  application: { id: string; slug: string }
  /** Its name. */
  component: string
  repository: string
  received: ReceivedArtifact
  base: BaseImage | null
  image: (BuiltImage & JarInspection) | KnownImage
  buildMs: number
}

/** Of an artifact whose bytes were inspected when it was built. */
interface KnownImage {
  id: string
  digest: string
  facts: JarFacts
  /** Digests of its config and layers; undefined once it was pruned from its repository. */
  blobs: string[] | undefined
}

interface Standing {
  name: string
  isPruned: boolean
  artifactDigest: string
  baseDigest: string
}

async function standingRelease(tx: Tx, applicationId: string, name: string): Promise<Standing | undefined> {
  const rows = await tx.$queryRaw<Standing[]>`
    select r.name, coalesce(a.digest, '') as "artifactDigest", i.base_digest as "baseDigest",
      exists (select 1 from pruned_release x where x.release_id = r.id) as "isPruned"
    from release r join release_component c on c.release_id = r.id join image i on i.id = c.image_id left join artifact a on a.id = i.artifact_id
    where r.application_id = ${applicationId} and r.name = ${name}`
  return rows[0]
}

async function answerStanding(
  ctx: TenantContext,
  input: UploadInput,
  standing: Standing,
  received: ReceivedArtifact,
  base: BaseImage | null,
): Promise<UploadResult> {
  const isSame = standing.artifactDigest === received.digest && standing.baseDigest === (base?.digest ?? '')
  if (isSame && standing.isPruned) {
    const fix = 'Names are never given again: upload it under another one.'
    throw new Refusal('gone', `${input.application} had a release ${standing.name}, whose image was pruned.`, { fix })
  }
  if (isSame) return { release: await getRelease(ctx, { application: input.application, release: standing.name }), isNew: false, wasBuilt: false }
  const other = standing.artifactDigest === received.digest ? 'on another base image' : 'with other bytes'
  const next = nextName(standing.name)
  throw new Refusal('tag_taken', `${input.application} has a release ${standing.name} already, ${other}.`, {
    fix: next ? `Names are never given again: upload it as ${next}.` : 'Choose another name.',
    details: { suggestedName: next },
  })
}

async function knownImage(tx: Tx, repository: string, artifactDigest: string, base: BaseImage | null): Promise<KnownImage | undefined> {
  const row = await tx.image.findFirst({
    where: { repository, baseDigest: base?.digest ?? '', builderVersion, artifactId: { in: await artifactIds(tx, artifactDigest) } },
    select: { id: true, digest: true, artifactId: true },
  })
  if (!row) return undefined
  const { facts } = await tx.artifact.findUniqueOrThrow({ where: { id: row.artifactId ?? '' }, select: { facts: true } })
  const blobs = await blobsOf(tx, repository, row.digest)
  return { id: row.id, digest: row.digest, facts: jarFactsSchema.parse(JSON.parse(facts)), blobs }
}

async function blobsOf(tx: Tx, repository: string, digest: string): Promise<string[] | undefined> {
  const name = parseRepositoryName(repository)?.local ?? ''
  const [row] = await tx.$queryRaw<{ content: Uint8Array }[]>`
    select m.content from manifest m join repository r on r.id = m.repository_id where r.name = ${name} and m.digest = ${digest}`
  if (!row) return undefined
  const { config, layers } = JSON.parse(Buffer.from(row.content).toString()) as { config: { digest: string }; layers: { digest: string }[] }
  return [config, ...layers].map((blob) => blob.digest)
}

/** The same bytes, sent again, mend what rotted of their image: it is built anew, and a blob that is whole stays as it is. */
async function mendImage(ctx: TenantContext, repository: string, image: KnownImage, made: Sources): Promise<void> {
  const found = await Promise.allSettled((image.blobs ?? []).map((digest) => blobStore().verifiedPath(digest)))
  if (found.every(({ status }) => status === 'fulfilled')) return
  await buildFrom(ctx, repository, made)
}

interface Sources {
  received: ReceivedArtifact
  fileName: string
  base: BaseImage | null
}

/** Most of what an application is made of is the same from one release to the next. */
async function buildFrom(ctx: TenantContext, repository: string, made: Sources): Promise<BuiltImage & JarInspection> {
  const { received, ...request } = made
  const before = await ctx.read((tx) =>
    tx.image.findFirst({ where: { repository, builderVersion }, orderBy: { createdAt: 'desc' }, select: { layers: true } }),
  )
  const known = before ? (JSON.parse(before.layers) as LayerView[]) : []
  return buildImage({ ...request, jarPath: received.path, jarDigest: received.digest, reading: received.reading, known }, blobStore())
}

async function artifactIds(tx: Tx, digest: string): Promise<string[]> {
  return (await tx.artifact.findMany({ where: { digest }, select: { id: true } })).map(({ id }) => id)
}

async function writeRelease(tx: Tx, ctx: TenantContext, seal: Seal): Promise<void> {
  // One upload of an application at a time gets the next sequence number.
  await tx.$queryRaw`select id from application where id = ${seal.application.id} for update`
  const tenantId = ctx.tenant.id
  const artifactId = await keepArtifact(tx, ctx, seal)
  const image = 'manifest' in seal.image ? await keepImage(tx, ctx, seal, seal.image, artifactId) : seal.image
  await putTag(tx, ctx, seal)
  const spec = await chooseSpec(tx, seal)
  const last = await tx.release.aggregate({ where: { applicationId: seal.application.id }, _max: { sequence: true } })
  const releaseId = newId()
  await tx.release.create({
    data: {
      id: releaseId,
      tenantId,
      applicationId: seal.application.id,
      name: seal.name,
      channel: channelOf(seal.name) ?? 'content',
      sequence: (last._max.sequence ?? 0) + 1,
      commit: seal.input.commit ?? '',
      createdBy: actorId(ctx.actor),
    },
  })
  await tx.releaseComponent.create({
    data: { releaseId, tenantId, component: seal.component, imageId: image.id, digest: image.digest, spec: canonicalJson(spec) },
  })
  await pinManifest(tx, {
    tenantId,
    repository: seal.repository,
    digest: image.digest,
    pinnedBy: `release:${releaseId}`,
    reason: `release ${seal.name}`,
  })
  await appendEntry(tx, ctx, {
    action: 'release.sealed',
    subject: { kind: 'release', id: releaseId, name: `${seal.application.slug} ${seal.name}` },
    after: {
      application: seal.application.slug,
      name: seal.name,
      artifact: seal.received.digest,
      sizeBytes: seal.received.sizeBytes,
      base: seal.base?.digest ?? '',
      image: image.digest,
      wasBuilt: 'manifest' in seal.image,
    },
  })
  await announce(tx, tenantId, 'release', seal.application.slug)
  await announce(tx, tenantId, 'board', seal.application.slug)
}

async function keepArtifact(tx: Tx, ctx: TenantContext, seal: Seal): Promise<string> {
  const known = (await artifactIds(tx, seal.received.digest))[0]
  if (known) return known
  const id = newId()
  await tx.artifact.create({
    data: {
      id,
      tenantId: ctx.tenant.id,
      digest: seal.received.digest,
      sizeBytes: BigInt(seal.received.sizeBytes),
      fileName: seal.input.fileName,
      facts: JSON.stringify(seal.image.facts),
      uploadedBy: actorId(ctx.actor),
    },
  })
  return id
}

async function keepImage(
  tx: Tx,
  ctx: TenantContext,
  seal: Seal,
  image: BuiltImage & JarInspection,
  artifactId: string,
): Promise<{ id: string; digest: string }> {
  const { repository } = seal
  // One that was pruned comes back as what it was.
  const before = await tx.image.findFirst({ where: { repository, digest: image.digest, artifactId }, select: { id: true, digest: true } })
  if (before) return before
  const id = newId()
  await tx.image.create({
    data: {
      id,
      tenantId: ctx.tenant.id,
      applicationId: seal.application.id,
      artifactId,
      repository,
      digest: image.digest,
      baseReference: seal.base?.reference ?? '',
      baseDigest: seal.base?.digest ?? '',
      builderVersion,
      layers: JSON.stringify(image.layers),
      configSchema: await keepConfigSchema(tx, ctx, image.configProperties),
      sizeBytes: BigInt(image.sizeBytes),
      buildMs: seal.buildMs,
    },
  })
  return { id, digest: image.digest }
}

/** What the JAR says about its own configuration, kept once for all images that say the same. Returns its digest. */
async function keepConfigSchema(tx: Tx, ctx: TenantContext, configProperties: ConfigProperty[]): Promise<string> {
  if (configProperties.length === 0) return ''
  const properties = JSON.stringify(configProperties)
  const digest = `sha256:${sha256Hex(properties)}`
  // It is half a megabyte, and mostly there.
  if (await tx.configSchema.findFirst({ where: { digest }, select: { id: true } })) return digest
  await tx.configSchema.createMany({
    data: [{ id: newId(), tenantId: ctx.tenant.id, digest, properties, count: configProperties.length }],
    skipDuplicates: true,
  })
  return digest
}

async function putTag(tx: Tx, ctx: TenantContext, seal: Seal): Promise<void> {
  const common = { tenantId: ctx.tenant.id, repository: seal.repository, tag: seal.name, pushedBy: actorId(ctx.actor) }
  if ('manifest' in seal.image) {
    const { manifest, mediaType, layers, config } = seal.image
    const blobs = [config, ...layers].map(({ digest, sizeBytes }) => ({ digest, sizeBytes }))
    await putImage(tx, { ...common, manifest, mediaType, blobs })
    return
  }
  const { id: repositoryId } = await tx.repository.findFirstOrThrow({ where: { name: seal.application.slug }, select: { id: true } })
  const row = await tx.manifest.findUniqueOrThrow({ where: { repositoryId_digest: { repositoryId, digest: seal.image.digest } } })
  await putImage(tx, { ...common, manifest: row.content, mediaType: row.mediaType, blobs: [] })
}

/** The explicit one, else the application's, else what the JAR suggests; the first one becomes the application's. */
async function chooseSpec(tx: Tx, seal: Seal): Promise<ComponentSpec> {
  const component = await tx.component.findFirstOrThrow({ where: { applicationId: seal.application.id, name: seal.component } })
  const isSet = component.spec !== '{}'
  if (seal.explicit?.dependsOn) {
    demand(mayDepend([{ name: seal.component, dependsOn: seal.explicit.dependsOn }]))
  }
  const spec = seal.explicit ?? (isSet ? componentSpecSchema.parse(JSON.parse(component.spec)) : suggestSpec(seal.image.facts, seal.input.fileName))
  if (!isSet) await tx.component.update({ where: { id: component.id }, data: { spec: canonicalJson(spec) } })
  return spec
}
