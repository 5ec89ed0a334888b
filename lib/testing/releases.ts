// Releases as rows and a few bytes, for tests of what happens after the intake: an image that hashes right and runs nothing.
import { Readable } from 'node:stream'
import type { JarMigrations } from '#lib/tenants/jar-facts'
import { canonicalJson, sha256Hex } from '#lib/platform/canonical-json'
import type { TenantRef } from '#lib/platform/context'
import { blobStore } from '#lib/platform/disk-blob-store'
import { newId } from '#lib/platform/id'
import { channelOf } from '#lib/releases/release-name'
import { componentSpecSchema, type ComponentSpec } from '#lib/tenants/component-spec'
import { asPlatform } from '#lib/testing/factories'

export interface MadeRelease {
  id: string
  name: string
  digest: string
  repository: string
  artifactDigest: string
}

export interface MakeReleaseOptions {
  /** Of the image manifest; the true one of its bytes when absent. */
  digest?: string
  /** User id. */
  uploadedBy?: string
  spec?: Partial<ComponentSpec>
  /** Several components of one image, by name; only `app` when absent. */
  components?: Record<string, Partial<ComponentSpec>>
  javaLevel?: number
  /** Inside its JAR; not looked for when absent. */
  migrations?: JarMigrations
}

const plainFacts = {
  kind: 'plain',
  mainClass: 'Main',
  layers: [],
  hasLayersIndex: false,
  hasActuator: false,
  isMultiRelease: false,
  manifest: {},
  coordinates: [],
  entries: 1,
  uncompressedBytes: 1000,
}

const layer = (name: string, seed: string, sizeBytes: number) => {
  const digest = `sha256:${sha256Hex(`${name} ${seed}`)}`
  return { name, digest, diffId: digest, sizeBytes, mediaType: 'application/vnd.oci.image.layer.v1.tar', entries: 1, isFromBase: false }
}

/** The two blobs that an image has at least, in the blob store. */
async function writeBlobs(seed: string) {
  const write = async (mediaType: string, text: string) => {
    const { digest, sizeBytes } = await blobStore().write(Readable.from([Buffer.from(text)]))
    return { mediaType, digest, size: sizeBytes }
  }
  const config = await write('application/vnd.oci.image.config.v1+json', canonicalJson({ seed }))
  return { config, layers: [await write('application/vnd.oci.image.layer.v1.tar', `layer ${seed}`)] }
}

/** A sealed release, with artifact, image, repository, manifest and tag. */
export async function makeRelease(
  tenant: TenantRef,
  application: { id: string; slug: string },
  name: string,
  options: MakeReleaseOptions = {},
): Promise<MadeRelease> {
  const seed = `${tenant.id} ${application.id} ${name}`
  const content = new Uint8Array(Buffer.from(canonicalJson({ schemaVersion: 2, ...(await writeBlobs(seed)) })))
  const digest = options.digest ?? `sha256:${sha256Hex(content)}`
  const artifactDigest = `sha256:${sha256Hex(`jar ${digest}`)}`
  const repository = `${tenant.slug}/${application.slug}`
  const createdBy = options.uploadedBy ?? 'test'
  const tenantId = tenant.id
  const id = newId()
  await asPlatform(async (tx) => {
    const artifact =
      (await tx.artifact.findFirst({ where: { tenantId, digest: artifactDigest } })) ??
      (await tx.artifact.create({
        data: {
          id: newId(),
          tenantId,
          digest: artifactDigest,
          sizeBytes: 1000n,
          fileName: `${application.slug}.jar`,
          facts: JSON.stringify({ ...plainFacts, javaLevel: options.javaLevel ?? 17, migrations: options.migrations }),
          uploadedBy: createdBy,
        },
      }))
    const image =
      (await tx.image.findFirst({ where: { tenantId, repository, digest } })) ??
      (await tx.image.create({
        data: {
          id: newId(),
          tenantId,
          applicationId: application.id,
          artifactId: artifact.id,
          repository,
          digest,
          baseReference: '',
          baseDigest: '',
          builderVersion: 'test',
          layers: JSON.stringify([layer('runtime', 'shared', 50_000), layer('application', digest, 1000)]),
          sizeBytes: 51_000n,
        },
      }))
    const repositoryId = (
      (await tx.repository.findFirst({ where: { tenantId, name: application.slug } })) ??
      (await tx.repository.create({ data: { id: newId(), tenantId, name: application.slug } }))
    ).id
    await tx.manifest.upsert({
      where: { repositoryId_digest: { repositoryId, digest } },
      create: {
        tenantId,
        repositoryId,
        digest,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        content,
        sizeBytes: content.length,
        pushedBy: createdBy,
      },
      update: {},
    })
    await tx.tag.create({ data: { tenantId, repositoryId, name, digest, createdBy } })
    const last = await tx.release.aggregate({ where: { applicationId: application.id }, _max: { sequence: true } })
    await tx.release.create({
      data: {
        id,
        tenantId,
        applicationId: application.id,
        name,
        channel: channelOf(name) ?? 'content',
        sequence: (last._max.sequence ?? 0) + 1,
        createdBy,
      },
    })
    for (const [component, given] of Object.entries(options.components ?? { app: options.spec ?? {} })) {
      const spec = canonicalJson(componentSpecSchema.parse(given))
      await tx.releaseComponent.create({ data: { releaseId: id, tenantId, component, imageId: image.id, digest, spec } })
    }
  })
  return { id, name, digest, repository, artifactDigest }
}
