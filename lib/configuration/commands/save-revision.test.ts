import { describe, expect, it } from 'vitest'
import { saveRevision } from '#lib/configuration/commands/save-revision'
import { configDocumentSchema, configHash, defaultConfig } from '#lib/configuration/config-document'
import { getRevision, listRevisions } from '#lib/configuration/queries/list-revisions'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform, makeApplication, makeTenant } from '#lib/testing/factories'

useTestDatabase()

async function makeStage() {
  const tenant = await makeTenant()
  const { slug: application } = await makeApplication(tenant)
  return { tenant, application, sre: await actAs(tenant, 'sre'), developer: await actAs(tenant, 'developer') }
}

const withKey = (value: string) => ({ ...defaultConfig, variables: { KEY: value } })

describe('the overlay of an environment', () => {
  it('S2.11 S2.16: is kept in immutable numbered revisions of one environment', async () => {
    const { application, sre } = await makeStage()
    const dev = { application, environment: 'dev' }
    expect(await listRevisions(sre, dev)).toMatchObject([{ number: 0, document: defaultConfig, createdBy: null }])
    const first = await saveRevision(sre, { ...dev, expected: 0, document: withKey('1') })
    const second = await saveRevision(sre, { ...dev, expected: 1, document: withKey('2') })
    expect([first.number, second.number]).toEqual([1, 2])
    expect((await listRevisions(sre, dev)).map(({ number }) => number)).toEqual([2, 1, 0])
    expect(await listRevisions(sre, { application, environment: 'staging' })).toHaveLength(1)
    expect(await getRevision(sre, { ...dev, number: 1 })).toMatchObject({ hash: configHash(withKey('1')), createdBy: { name: expect.any(String) } })
    await expect(getRevision(sre, { ...dev, number: 3 })).rejects.toMatchObject({ code: 'not_found' })
    await expect(asPlatform((tx) => tx.$executeRaw`update config_revision set document = '{}' where number = 1`)).rejects.toThrow(/append-only/)
  })

  it('answers the same document with the revision that there is', async () => {
    const { application, sre } = await makeStage()
    const dev = { application, environment: 'dev' }
    await saveRevision(sre, { ...dev, expected: 0, document: withKey('1') })
    expect(await saveRevision(sre, { ...dev, expected: 1, document: withKey('1') })).toMatchObject({ number: 1 })
    expect(await saveRevision(sre, { application, environment: 'prod', expected: 0, document: defaultConfig })).toMatchObject({ number: 0 })
  })

  it('takes one of two that were made from the same revision', async () => {
    const { application, sre } = await makeStage()
    const save = (value: string) => saveRevision(sre, { application, environment: 'dev', expected: 0, document: withKey(value) })
    const answers = await Promise.allSettled(['1', '2', '3', '4'].map(save))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'conflict' })
  })

  it('is edited by a developer where the environment is not protected', async () => {
    const { application, developer } = await makeStage()
    expect(await saveRevision(developer, { application, environment: 'dev', expected: 0, document: withKey('1') })).toMatchObject({ number: 1 })
    await expect(saveRevision(developer, { application, environment: 'prod', expected: 0, document: withKey('1') })).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  it('has replicas from 0 to 50 and a strategy that can replace something', () => {
    const takes = (value: unknown) => configDocumentSchema.safeParse(value).success
    expect([{}, { replicas: 0 }, { replicas: 50 }, { strategy: { maxUnavailable: 1, maxSurge: 0 } }].map(takes)).toEqual([true, true, true, true])
    expect([{ replicas: 51 }, { strategy: { maxUnavailable: 0, maxSurge: 0 } }, { variables: { '1A': 'x' } }, { secret: 'x' }].map(takes)).toEqual([
      false,
      false,
      false,
      false,
    ])
  })
})
