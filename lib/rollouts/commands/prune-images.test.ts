import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hexOf } from '#lib/oci/digest'
import { pruneImages } from '#lib/rollouts/commands/prune-images'
import { pruneUnpackedImages } from '#lib/runtime/drivers'
import { imagesFolder, replicaFolder } from '#lib/runtime/drivers/process/folders'
import { fileNames, writeJson, type Intent } from '#lib/runtime/drivers/process/records'
import { useTestDatabase } from '#lib/testing/database'
import { makeRelease } from '#lib/testing/releases'
import { makeRolloutStage } from '#lib/testing/rollouts'
import { makeTarget } from '#lib/testing/runtime-contract'

useTestDatabase()

const longAgo = new Date(Date.now() - 7_200_000)

function unpacked(name: string, at = longAgo): string {
  const folder = join(imagesFolder(), name)
  mkdirSync(join(folder, 'app/lib'), { recursive: true })
  writeFileSync(join(folder, 'app/lib/some.jar'), 'bytes', { mode: 0o444 })
  utimesSync(folder, at, at)
  return folder
}

describe('images that were unpacked', () => {
  it('go when no deployment, no unsettled promotion and no replica needs them, and nobody used them for an hour', async () => {
    const stage = await makeRolloutStage({ replicas: 1 })
    const first = await stage.ask('v1.0.0')
    await stage.settle(first.rolloutId)
    await stage.ask('v1.1.0') // rolling out, and not run yet
    const old = await makeRelease(stage.tenant, stage.application, 'v0.9.0')
    const run = `sha256:${'e'.repeat(64)}`
    const target = makeTarget()
    mkdirSync(replicaFolder(target, 'r-one'), { recursive: true })
    writeJson(replicaFolder(target, 'r-one'), fileNames.intent, { replicaId: 'r-one', digest: run } as Intent)
    const kept = [...stage.releases.map(({ digest }) => digest), run].map((digest) => unpacked(hexOf(digest)))
    const recent = unpacked('d'.repeat(64), new Date())
    const draft = unpacked('.0123456789ab-half')
    const freshDraft = unpacked('.0123456789ab-now', new Date())
    const unneeded = unpacked(hexOf(old.digest))
    expect((await pruneImages(pruneUnpackedImages)).toSorted()).toEqual(['.0123456789ab-half', hexOf(old.digest)].toSorted())
    expect([...kept, recent, freshDraft].every((folder) => existsSync(join(folder, 'app/lib/some.jar')))).toBe(true)
    expect([draft, unneeded].some((folder) => existsSync(folder))).toBe(false)
    expect(readdirSync(imagesFolder())).toHaveLength(5)
    expect(await pruneImages(pruneUnpackedImages)).toEqual([])
  })
})
