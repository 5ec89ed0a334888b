import { describe, expect, it } from 'vitest'
import { saveApplicationDefaults, saveEnvironmentDefaults } from '#lib/configuration/commands/save-defaults'
import { restoreRevision, saveRevision } from '#lib/configuration/commands/save-revision'
import { layerDocumentSchema, type LayerDocument } from '#lib/configuration/config-document'
import { compareRevisions, getMatrix } from '#lib/configuration/queries/compare-revisions'
import { getConfiguration } from '#lib/configuration/queries/get-configuration'
import { listDefaults } from '#lib/configuration/queries/list-defaults'
import { listRevisions } from '#lib/configuration/queries/list-revisions'
import { requestPromotion } from '#lib/promotions/commands/request-promotion'
import { getSheet } from '#lib/promotions/queries/get-sheet'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, makeApplication, makeTenant } from '#lib/testing/factories'
import { completeRollout } from '#lib/testing/promotions'
import { makeRelease } from '#lib/testing/releases'

useTestDatabase()

async function makeStage() {
  const tenant = await makeTenant()
  const application = await makeApplication(tenant)
  const sre = await actAs(tenant, 'sre', 'release_manager')
  return { tenant, application, sre, dev: { application: application.slug, environment: 'dev' } }
}

const layer = (document: Record<string, unknown>): LayerDocument => layerDocumentSchema.parse(document)

describe('the defaults of configuration', () => {
  it('T7 S2.11: reach every place that they change as a revision of it, and no other; a nearer layer wins', async () => {
    const { tenant, application, sre, dev } = await makeStage()
    const other = await makeApplication(tenant)
    await saveRevision(sre, { ...dev, expected: 0, document: { variables: { REGION: 'eu' } } })
    await saveApplicationDefaults(sre, {
      application: application.slug,
      expected: 0,
      document: layer({ variables: { REGION: 'us', LEVEL: 'info' }, jvmArguments: ['-Xmx1g'] }),
    })
    await saveEnvironmentDefaults(sre, { environment: 'dev', expected: 0, document: layer({ variables: { LEVEL: 'debug' } }) })
    const view = await getConfiguration(sre, dev)
    expect(view.newest).toMatchObject({ number: 3, document: { variables: { REGION: 'eu', LEVEL: 'debug' } }, own: { variables: { REGION: 'eu' } } })
    expect(view.entries.find(({ key }) => key === 'LEVEL')).toMatchObject({ from: 'environment', overrides: [{ from: 'application', text: 'info' }] })
    expect(await getConfiguration(sre, { application: application.slug, environment: 'prod' })).toMatchObject({
      newest: { number: 1, document: { variables: { REGION: 'us', LEVEL: 'info' } }, note: 'defaults of the application r1' },
    })
    expect((await getConfiguration(sre, { application: other.slug, environment: 'dev' })).newest.document.variables).toEqual({ LEVEL: 'debug' })
    expect((await getConfiguration(sre, { application: other.slug, environment: 'prod' })).newest.number).toBe(0)
    const matrix = await getMatrix(sre, { application: application.slug })
    expect(matrix.environments.map(({ slug }) => slug)).toEqual(['dev', 'staging', 'prod'])
    expect(matrix.rows.find(({ key }) => key === 'REGION')).toMatchObject({ isSame: false, cells: ['eu', 'us', 'us'] })
    expect(matrix.rows.find(({ key }) => key === '-Xmx')).toMatchObject({ isSame: true })
    expect((await listDefaults(sre, { environment: 'dev' })).map(({ number }) => number)).toEqual([1, 0])
  })

  it('count for an application that comes later, and its first promotion freezes them', async () => {
    const { tenant, sre } = await makeStage()
    await saveEnvironmentDefaults(sre, { environment: 'dev', expected: 0, document: layer({ variables: { LEVEL: 'debug' }, replicas: 2 }) })
    const late = await makeApplication(tenant)
    await makeRelease(tenant, late, 'v1.0.0')
    const place = { application: late.slug, environment: 'dev' }
    const sheet = await getSheet(sre, { ...place, release: 'v1.0.0' })
    expect(sheet).toMatchObject({ replicas: 2, plan: { config: { revision: 1 } } })
    const promotion = await requestPromotion(sre, { ...place, release: 'v1.0.0' })
    expect(promotion.planDigest).toBe(sheet.planDigest)
    await completeRollout(sre, promotion.id)
    await saveEnvironmentDefaults(sre, { environment: 'dev', expected: 1, document: layer({ variables: { LEVEL: 'info' }, replicas: 2 }) })
    expect((await listRevisions(sre, place)).map(({ number, document }) => [number, document.variables])).toEqual([
      [2, { LEVEL: 'info' }],
      [1, { LEVEL: 'debug' }],
      [0, {}],
    ])
    expect(await getConfiguration(sre, place)).toMatchObject({ running: { revision: 1, release: 'v1.0.0', changes: 1 } })
  })

  it('are saved by whoever may edit every overlay that they reach, from the newest ones', async () => {
    const { tenant, application, sre } = await makeStage()
    const developer = await actAs(tenant, 'developer')
    const save = { application: application.slug, document: layer({ variables: { A: 'b' } }) }
    await expect(saveApplicationDefaults(developer, { ...save, expected: 0 })).rejects.toMatchObject({ code: 'forbidden' })
    expect((await listDefaults(sre, { application: application.slug })).map(({ number }) => number)).toEqual([0])
    await saveEnvironmentDefaults(developer, { environment: 'dev', expected: 0, document: save.document })
    const answers = await Promise.allSettled([0, 0, 0].map((expected) => saveApplicationDefaults(sre, { ...save, expected })))
    expect(answers.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1)
    for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'conflict' })
    expect((await listDefaults(sre, { application: application.slug })).map(({ number }) => number)).toEqual([1, 0])
  })
})

describe('revisions', () => {
  it('are compared, also across environments, and an older one is restored as a new one', async () => {
    const { application, sre, dev } = await makeStage()
    await saveRevision(sre, { ...dev, expected: 0, document: { variables: { A: '1', B: '1' } } })
    await saveRevision(sre, { ...dev, expected: 1, document: { variables: { A: '2' }, flags: { F: true } } })
    const diff = await compareRevisions(sre, { ...dev, from: 1, to: 2 })
    expect(diff.changes.map(({ key, change, before, after }) => [key, change, before, after])).toEqual([
      ['F', 'added', null, 'true'],
      ['A', 'changed', '1', '2'],
      ['B', 'removed', '1', null],
    ])
    expect(await compareRevisions(sre, { ...dev, from: 2, to: 0, toEnvironment: 'prod' })).toMatchObject({ to: { environment: 'prod', number: 0 } })
    const restored = await restoreRevision(sre, { ...dev, number: 1, expected: 2 })
    expect(restored).toMatchObject({ number: 3, note: 'restored from r1', document: { variables: { A: '1', B: '1' }, flags: {} } })
    await expect(restoreRevision(sre, { ...dev, number: 1, expected: 3 })).rejects.toMatchObject({ code: 'conflict' })
    await expect(restoreRevision(sre, { ...dev, number: 2, expected: 2 })).rejects.toMatchObject({ code: 'conflict' })
    await saveApplicationDefaults(sre, { application: application.slug, expected: 0, document: layer({ variables: { C: '1' } }) })
    await expect(restoreRevision(sre, { ...dev, number: 2, expected: 4 })).rejects.toMatchObject({ code: 'conflict', message: /defaults changed/ })
    expect((await listRevisions(sre, dev))[0]).toMatchObject({ number: 4 })
  })
})
