import { appendFileSync, createReadStream, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TenantContext } from '#lib/platform/context'
import { blobFolder, blobStore } from '#lib/platform/disk-blob-store'
import { dataPath } from '#lib/platform/settings'
import { receiveArtifact } from '#lib/releases/commands/receive-artifact'
import { reproduceRelease } from '#lib/releases/commands/reproduce-release'
import { sealRelease } from '#lib/releases/commands/seal-release'
import { listReleases } from '#lib/releases/queries/list-releases'
import { search } from '#lib/releases/queries/search'
import type { UploadResult } from '#lib/releases/release'
import { createApplication } from '#lib/tenants/commands/create-application'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, makeApplication, makeTenant } from '#lib/testing/factories'
import { bootJar, zipOf, type ZipPart } from '#lib/testing/zip'

useTestDatabase()

const jar = 'node_modules/wiremock/build/wiremock-standalone-3.13.2.jar'
const olderJar = 'node_modules/wiremock-previous/build/wiremock-standalone-3.13.1.jar'
let ctx: TenantContext
let application: string

beforeAll(async () => {
  const tenant = await makeTenant()
  application = (await makeApplication(tenant)).slug
  ctx = await actAs(tenant, 'developer')
})

async function upload(path: string, name?: string, as = ctx, to = application): Promise<UploadResult> {
  const received = await receiveArtifact(as, createReadStream(path))
  try {
    return await sealRelease(as, { application: to, fileName: 'wiremock.jar', ...(name === undefined ? {} : { name }) }, received)
  } finally {
    await received.discard()
  }
}

/** Inodes by name. */
function blobFiles(): Map<string, number> {
  const files = readdirSync(blobFolder(), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(files.map(({ parentPath, name }) => [name, statSync(join(parentPath, name)).ino]))
}

describe('sealing an uploaded JAR', () => {
  it('S2.3, S2.4: builds one image of it, tagged with the release, and suggests how to run it', async () => {
    const { release, isNew, wasBuilt } = await upload(olderJar, 'v1.0.0')
    expect({ isNew, wasBuilt }).toEqual({ isNew: true, wasBuilt: true })
    expect(release).toMatchObject({ name: 'v1.0.0', channel: 'stable', runsIn: [], facts: { kind: 'plain' } })
    expect(release.components[0]?.spec).toMatchObject({ arguments: ['--port', '${PORT}'], readiness: { kind: 'http', path: '/__admin/health' } })
    const tag = await ctx.read((tx) => tx.tag.findFirstOrThrow({ where: { name: 'v1.0.0' } }))
    expect(tag.digest).toBe(release.digest)
  })

  it('S2.3: answers the same bytes under the same name with the release that is there', async () => {
    const again = await upload(olderJar, 'v1.0.0')
    expect(again).toMatchObject({ isNew: false, wasBuilt: false, release: { name: 'v1.0.0' } })
    expect(await ctx.read((tx) => tx.release.count())).toBe(1)
  })

  it('S2.1: gives the same bytes another name on the same image, without a build', async () => {
    const renamed = await upload(olderJar, 'v1.0.1')
    expect(renamed).toMatchObject({ isNew: true, wasBuilt: false })
    expect(renamed.release.components[0]?.seal.buildCount).toBe(1)
    expect(await ctx.read((tx) => tx.image.count())).toBe(1)
  })

  it('S2.4: refuses a name that has other bytes, and offers the next one', async () => {
    const before = await ctx.read((tx) => tx.release.count())
    await expect(upload(jar, 'v1.0.0')).rejects.toMatchObject({ code: 'tag_taken', details: { suggestedName: 'v1.0.1' } })
    expect(await ctx.read((tx) => tx.release.count())).toBe(before)
  })

  it('S2.4: names a release after its image when nobody names it', async () => {
    const { release } = await upload(jar)
    expect(release.name).toBe(`sha-${release.digest.slice(7, 19)}`)
  })

  it('builds the same digest again from what it kept', async () => {
    const view = await reproduceRelease(ctx, { application, release: 'v1.0.0' })
    expect(view).toMatchObject({ isIdentical: true })
  })

  it('mends what rotted of an image, layer or config, when the same bytes are sent again under the same name or another', async () => {
    const { digest } = (await upload(olderJar, 'v1.0.0')).release
    const row = await ctx.read((tx) => tx.manifest.findFirstOrThrow({ where: { digest } }))
    const { config, layers } = JSON.parse(Buffer.from(row.content).toString()) as { config: { digest: string }; layers: { digest: string }[] }
    for (const [blob, name] of [
      [config, 'v1.0.0'],
      [layers.at(-1), 'v1.0.2'],
    ] as const) {
      const hex = blob?.digest.slice('sha256:'.length) ?? ''
      appendFileSync(join(blobFolder(), 'sha256', hex.slice(0, 2), hex), 'rot')
      await expect(blobStore().verifiedPath(`sha256:${hex}`)).rejects.toMatchObject({ code: 'unavailable' })
      expect(await upload(olderJar, name)).toMatchObject({ wasBuilt: false, release: { digest } })
      expect(await blobStore().verifiedPath(`sha256:${hex}`)).toContain(hex)
    }
  })

  it('keeps the layers that a release before it has, and nothing of a Spring Boot JAR that is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'caisson-boot-'))
    const sealed = async (name: string, parts: ZipPart[]) => {
      const path = join(folder, 'shop.jar')
      writeFileSync(path, zipOf(parts))
      return (await upload(path, name)).release.components[0]?.layers ?? []
    }
    const library = { name: 'BOOT-INF/lib/big-1.0.jar', content: Buffer.alloc(1_000_000, 'library') }
    const first = await sealed('v3.0.0', [...bootJar(), library])
    const before = blobFiles()
    const second = await sealed('v3.0.1', [library, ...bootJar(), { name: 'BOOT-INF/classes/shop/Till.class', content: 'more' }])
    expect(second.map(({ name }) => name)).toEqual(first.map(({ name }) => name))
    expect(second.filter(({ digest }, index) => digest !== first[index]?.digest).map(({ name }) => name)).toEqual(['classes'])
    expect(Object.keys(second[0] ?? {})).not.toContain('source')
    // JAR, changed layer, configuration; and no file was written anew.
    const after = blobFiles()
    expect(after.size).toBe(before.size + 3)
    expect([...before].filter(([name, inode]) => after.get(name) !== inode)).toEqual([])
    const late = { name: 'BOOT-INF/classes/z.class', content: 'z', local: { crc32: 1 }, central: { crc32: 1 } }
    await expect(sealed('v3.0.2', [...bootJar(), { ...library, content: 'new' }, late])).rejects.toMatchObject({ code: 'unsafe_archive' })
    expect(blobFiles()).toEqual(after)
    rmSync(folder, { recursive: true })
  })

  it('finds a release by its JAR hash, its digest and its name', async () => {
    const { releases } = await listReleases(ctx, { limit: 50, search: 'v1.0.1' })
    const found = releases[0]
    expect(releases).toHaveLength(1)
    const hits = await search(ctx, { q: found?.digest ?? '' })
    expect(hits.hits.map(({ href }) => href)).toContain(`/t/${ctx.tenant.slug}/releases/${application}/v1.0.1`)
  })

  it('seals one release when the same upload arrives five times at once', async () => {
    const results = await Promise.all(Array.from({ length: 5 }, () => upload(jar, 'v2.0.0')))
    expect(results.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(await ctx.read((tx) => tx.release.count({ where: { name: 'v2.0.0' } }))).toBe(1)
  })

  it('runs as the one component of its application, whatever that is called, and refuses an application of several in words', async () => {
    const admin = await actAs(ctx.tenant, 'tenant_admin')
    const uploadTo = async (slug: string, components: string[]) => {
      await createApplication(admin, { slug, name: slug, components })
      return upload(olderJar, 'v1.0.0', ctx, slug)
    }
    const { release } = await uploadTo('site', ['web'])
    expect(release.components.map(({ name }) => name)).toEqual(['web'])
    const before = blobFiles()
    await expect(uploadTo('shop', ['worker', 'web'])).rejects.toMatchObject({
      code: 'conflict',
      message: 'shop is made of web, worker, and an upload brings the JAR of one component.',
    })
    expect(blobFiles()).toEqual(before)
    expect(await listReleases(ctx, { application: 'shop', limit: 10 })).toMatchObject({ releases: [] })
  })

  it('refuses what is no JAR, what has no name that can be given and who may not upload, and keeps no file of it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'caisson-bad-'))
    const bad = join(folder, 'bad.jar')
    writeFileSync(bad, 'this is not a zip')
    await expect(upload(bad, 'v9.0.0')).rejects.toMatchObject({ code: 'not_a_jar' })
    writeFileSync(bad, '')
    await expect(upload(bad, 'v9.0.0')).rejects.toMatchObject({ code: 'not_a_jar' })
    await expect(upload(jar, 'latest')).rejects.toMatchObject({ code: 'invalid_input' })
    const viewer = await actAs(ctx.tenant, 'viewer')
    await expect(upload(jar, 'v9.0.0', viewer)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(receiveArtifact(ctx, createReadStream(jar), 1000)).rejects.toMatchObject({ code: 'too_large' })
    expect(readdirSync(dataPath('uploads'))).toEqual([])
    rmSync(folder, { recursive: true })
  })
})
