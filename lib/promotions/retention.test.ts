import { createReadStream } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createKit } from '#lib/kits/commands/create-kit'
import { pinRelease, unpinRelease } from '#lib/promotions/commands/pin-release'
import { pruneByRules, pruneReleases } from '#lib/promotions/commands/prune-releases'
import { requestPromotion } from '#lib/promotions/commands/request-promotion'
import { setRetention } from '#lib/promotions/commands/set-retention'
import { getRetention } from '#lib/promotions/queries/get-retention'
import { judgeRetention, type RetentionView } from '#lib/promotions/retention'
import { deleteManifest } from '#lib/registry/commands/delete-manifest'
import { parseRepositoryName } from '#lib/registry/repository-name'
import { receiveArtifact } from '#lib/releases/commands/receive-artifact'
import { sealRelease } from '#lib/releases/commands/seal-release'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform, makeApplication, makeTenant } from '#lib/testing/factories'
import { wiremockJars } from '#lib/testing/images'
import { completeRollout } from '#lib/testing/promotions'
import { makeRelease } from '#lib/testing/releases'

useTestDatabase()

const names = ['v1.0.0', 'v1.1.0', 'v1.2.0', 'v1.3.0', 'v1.4.0']

async function makeStage() {
  const tenant = await makeTenant()
  const application = await makeApplication(tenant)
  const admin = await actAs(tenant, 'tenant_admin')
  const manager = await actAs(tenant, 'release_manager')
  const place = { application: application.slug }
  const releases = new Map<string, { id: string; digest: string }>()
  for (const name of names) {
    const made = await makeRelease(tenant, application, name)
    releases.set(name, made)
    const { id: repositoryId } = await asPlatform((tx) => tx.repository.findFirstOrThrow({ where: { tenantId: tenant.id } }))
    const pin = { tenantId: tenant.id, repositoryId, digest: made.digest, pinnedBy: `release:${made.id}`, reason: `release ${name}` }
    await asPlatform((tx) => tx.registryPin.create({ data: pin }))
  }
  const deploy = async (release: string) => completeRollout(manager, (await requestPromotion(manager, { ...place, environment: 'dev', release })).id)
  const outcomes = ({ releases: list }: RetentionView) => Object.fromEntries(list.map(({ release, outcome }) => [release, outcome]))
  const tags = async () =>
    (await asPlatform((tx) => tx.tag.findMany({ where: { tenantId: tenant.id }, orderBy: { name: 'asc' } }))).map(({ name }) => name)
  return { tenant, application, admin, manager, place, releases, deploy, outcomes, tags }
}

describe('the rule of retention', () => {
  it('S2.20: keeps the newest N and what something needs; what was pruned before takes no place', () => {
    const release = (sequence: number, more: object = {}) => ({
      id: `${sequence}`,
      name: `v1.${sequence}.0`,
      sequence,
      needs: [],
      isPruned: false,
      ...more,
    })
    const all = [release(1, { needs: ['runs in prod'] }), release(2), release(3), release(4, { isPruned: true }), release(5)]
    const judged = (keep: number | null) => judgeRetention(keep, all).map(({ release: name, outcome }) => `${name} ${outcome}`)
    expect(judged(2)).toEqual(['v1.5.0 kept', 'v1.4.0 pruned', 'v1.3.0 kept', 'v1.2.0 would_prune', 'v1.1.0 kept'])
    expect(judged(1)).toEqual(['v1.5.0 kept', 'v1.4.0 pruned', 'v1.3.0 would_prune', 'v1.2.0 would_prune', 'v1.1.0 kept'])
    expect(judged(null).filter((one) => one.endsWith('would_prune'))).toEqual([])
  })
})

describe('retention', () => {
  it('S2.20: with two kept of five and the oldest deployed, prunes the two between after a preview, leaves tombstones, and says gone', async () => {
    const { tenant, admin, manager, place, releases, deploy, outcomes, tags } = await makeStage()
    await deploy('v1.0.0')
    await expect(setRetention(manager, { ...place, keep: 2 })).rejects.toMatchObject({ code: 'forbidden' })
    const preview = await setRetention(admin, { ...place, keep: 2 })
    const expected = { 'v1.0.0': 'kept', 'v1.1.0': 'would_prune', 'v1.2.0': 'would_prune', 'v1.3.0': 'kept', 'v1.4.0': 'kept' }
    expect(outcomes(preview)).toEqual(expected)
    expect(preview.releases.at(-1)?.reason).toBe('It runs in dev.')
    expect(await tags()).toEqual(names)
    await expect(pruneReleases(admin, { ...place, releases: ['v1.1.0'] })).rejects.toMatchObject({ code: 'plan_moved' })
    await expect(pruneReleases(manager, { ...place, releases: ['v1.1.0', 'v1.2.0'] })).rejects.toMatchObject({ code: 'forbidden' })
    expect(await tags()).toEqual(names)
    const after = await pruneReleases(admin, { ...place, releases: ['v1.2.0', 'v1.1.0'] })
    expect(outcomes(after)).toEqual({ ...expected, 'v1.1.0': 'pruned', 'v1.2.0': 'pruned' })
    expect(await tags()).toEqual(['v1.0.0', 'v1.3.0', 'v1.4.0'])
    const gone = ['v1.1.0', 'v1.2.0'].map((name) => releases.get(name)?.digest ?? '')
    const rows = await asPlatform(async (tx) => ({
      manifests: await tx.manifest.count({ where: { tenantId: tenant.id, digest: { in: gone } } }),
      kept: await tx.manifest.count({ where: { tenantId: tenant.id } }),
      releases: await tx.release.count({ where: { tenantId: tenant.id } }),
      tombstones: await tx.prunedRelease.findMany({ where: { tenantId: tenant.id } }),
      entries: await tx.auditEntry.count({ where: { log: tenant.id, action: 'release.pruned', outcome: 'done' } }),
    }))
    expect(rows).toMatchObject({ manifests: 0, kept: 3, releases: 5, entries: 2 })
    expect(rows.tombstones.flatMap(({ digests }) => digests).toSorted()).toEqual(gone.toSorted())
    await expect(requestPromotion(manager, { ...place, environment: 'dev', release: 'v1.1.0' })).rejects.toMatchObject({
      code: 'gone',
      status: 410,
      message: expect.stringContaining('were pruned'),
    })
    await expect(pinRelease(manager, { ...place, release: 'v1.2.0', reason: 'late' })).rejects.toMatchObject({ code: 'gone' })
    // The name of a pruned release never comes back as another image.
    const stolen = makeRelease(tenant, await asPlatform((tx) => tx.application.findFirstOrThrow({ where: { tenantId: tenant.id } })), 'v1.1.0', {
      digest: `sha256:${'e'.repeat(64)}`,
    })
    await expect(stolen).rejects.toThrow(/never changes its digest|constraint violated/)
  })

  it('S2.20: takes a pruned JAR again under another name, as the image that it was, and never under the name that is gone', async () => {
    const tenant = await makeTenant()
    const { slug: application } = await makeApplication(tenant)
    const [admin, manager] = [await actAs(tenant, 'tenant_admin'), await actAs(tenant, 'release_manager')]
    const upload = async (name: string, jar: string) => {
      const received = await receiveArtifact(manager, createReadStream(jar))
      try {
        return await sealRelease(manager, { application, name, fileName: 'wiremock.jar' }, received)
      } finally {
        await received.discard()
      }
    }
    const { release: first } = await upload('v1.0.0', wiremockJars.older)
    await upload('v1.1.0', wiremockJars.newer)
    await setRetention(admin, { application, keep: 1 })
    await pruneReleases(admin, { application, releases: ['v1.0.0'] })
    await setRetention(admin, { application, keep: 10 })

    await expect(upload('v1.0.0', wiremockJars.older)).rejects.toMatchObject({ code: 'gone', message: expect.stringContaining('v1.0.0') })
    expect(await upload('v1.2.0', wiremockJars.older)).toMatchObject({ isNew: true, wasBuilt: true, release: { digest: first.digest } })
    expect(await requestPromotion(manager, { application, environment: 'dev', release: 'v1.2.0' })).toMatchObject({ state: 'rolling_out' })
    await expect(requestPromotion(manager, { application, environment: 'dev', release: 'v1.0.0' })).rejects.toMatchObject({ code: 'gone' })
  })

  it('S2.20: skips the way back, what is on its way, what is pinned and what an accepted kit names, until none of it is so; the job goes by the rules', async () => {
    const { tenant, application, admin, manager, place, deploy, outcomes, tags } = await makeStage()
    await deploy('v1.0.0')
    await deploy('v1.1.0')
    await pinRelease(manager, { ...place, release: 'v1.2.0', reason: 'a customer runs it' })
    const kit = await createKit(manager, { ...place, environment: 'dev', release: 'v1.3.0', runbook: { backup: 'b', restore: 'r' } })
    const handOff = {
      kitId: kit.id,
      tenantId: tenant.id,
      revision: 1,
      team: 'Platform',
      areas: '{}',
      acceptedBy: 'owner',
      authenticatedAt: new Date(),
    }
    const view = await setRetention(admin, { ...place, keep: 1 })
    expect(outcomes(view)).toEqual({ 'v1.0.0': 'kept', 'v1.1.0': 'kept', 'v1.2.0': 'kept', 'v1.3.0': 'would_prune', 'v1.4.0': 'kept' })
    await asPlatform((tx) => tx.handOff.create({ data: handOff }))
    const reasons = Object.fromEntries((await getRetention(manager, place)).releases.map(({ release, reason }) => [release, reason]))
    expect(reasons).toEqual({
      'v1.0.0': 'It is the way back in dev.',
      'v1.1.0': 'It runs in dev.',
      'v1.2.0': 'It is pinned: a customer runs it.',
      'v1.3.0': 'It is in an accepted kit of dev.',
      'v1.4.0': 'It is among the newest 1.',
    })
    expect(await pruneByRules()).toBe(0)
    expect(await tags()).toEqual(names)
    // What is pinned cannot be deleted by another way either.
    const name = parseRepositoryName(`${tenant.slug}/${application.slug}`)
    if (!name) throw new Error('no repository name')
    await expect(deleteManifest(manager, { name, reference: 'v1.2.0' })).rejects.toMatchObject({ code: 'conflict' })
    await unpinRelease(manager, { ...place, release: 'v1.2.0' })
    expect(await pruneByRules()).toBe(1)
    expect(await tags()).toEqual(['v1.0.0', 'v1.1.0', 'v1.3.0', 'v1.4.0'])
    expect(await pruneByRules()).toBe(0)
    const entry = await asPlatform((tx) => tx.auditEntry.findFirstOrThrow({ where: { log: tenant.id, action: 'release.pruned' } }))
    expect(entry.actor).toBe('system:retention')
  })
})
