import { describe, expect, it } from 'vitest'
import { rewrapDataKeys, rotateSecretsKey } from '#lib/configuration/commands/rotate-key'
import { saveRevision } from '#lib/configuration/commands/save-revision'
import { setSecret, unsetSecret } from '#lib/configuration/commands/set-secret'
import { listSecrets } from '#lib/configuration/queries/list-secrets'
import { openSecrets } from '#lib/configuration/queries/open-secrets'
import { createContext, systemActor } from '#lib/platform/context'
import { database, inTransaction } from '#lib/platform/database'
import { requestPromotion } from '#lib/promotions/commands/request-promotion'
import { getSheet } from '#lib/promotions/queries/get-sheet'
import { loadDesiredState } from '#lib/promotions/queries/load-desired-state'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform, makeApplication, makeTenant } from '#lib/testing/factories'
import { completeRollout } from '#lib/testing/promotions'
import { makeRelease } from '#lib/testing/releases'

useTestDatabase()

async function makeStage() {
  const tenant = await makeTenant()
  const application = await makeApplication(tenant)
  const sre = await actAs(tenant, 'sre', 'release_manager')
  const dev = { application: application.slug, environment: 'dev' }
  const versions = () => asPlatform((tx) => tx.secretVersion.findMany({ where: { tenantId: tenant.id }, orderBy: { number: 'asc' } }))
  const open = (...ids: string[]) => inTransaction(database(), { role: 'caisson_app', tenantId: tenant.id }, (tx) => openSecrets(tx, ids))
  return { tenant, application, sre, dev, versions, open }
}

const platform = createContext({ actor: systemActor('test') })
/** As whoever owns the tables and stops at no trigger. */
const tamper = (sql: string) =>
  asPlatform(async (tx) => {
    await tx.$executeRaw`select set_config('role', session_user, true), set_config('session_replication_role', 'replica', true)`
    await tx.$executeRawUnsafe(sql)
  })

describe('a secret', () => {
  it('S1.13: is written in versions and told by name, age and who, and never by value', async () => {
    const { tenant, sre, dev, versions, open } = await makeStage()
    const first = await setSecret(sre, { ...dev, name: 'db', value: 'correct horse' })
    expect(first).toMatchObject({ name: 'db', state: 'set', version: 1, usedBy: [], changedBy: { name: expect.any(String) as string } })
    expect(JSON.stringify(first)).not.toContain('correct')
    await setSecret(sre, { ...dev, name: 'db', value: 'battery ✓ staple' })
    const [one, two] = await versions()
    expect([...(await open(one?.id ?? '', two?.id ?? '')).values()]).toEqual(['correct horse', 'battery ✓ staple'])
    expect(Buffer.from(two?.sealed ?? []).includes('battery')).toBe(false)
    expect(one?.fingerprint).not.toBe(two?.fingerprint)
    const developer = await actAs(tenant, 'developer')
    expect(await listSecrets(developer, dev)).toMatchObject({ items: [{ name: 'db', version: 2 }], write: { allowed: false } })
    await expect(setSecret(developer, { ...dev, name: 'db', value: 'x' })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(asPlatform((tx) => tx.secretVersion.deleteMany({}))).rejects.toThrow(/denied/)
  })

  it('is one place’s alone: the same value elsewhere has another fingerprint, and of twenty that set it at once each is a version', async () => {
    const { sre, dev, versions } = await makeStage()
    await setSecret(sre, { ...dev, name: 'db', value: 'same' })
    await setSecret(sre, { ...dev, environment: 'prod', name: 'db', value: 'same' })
    await setSecret(sre, { ...dev, name: 'other', value: 'same' })
    expect(new Set((await versions()).map(({ fingerprint }) => fingerprint)).size).toBe(3)
    expect(new Set((await versions()).map(({ sealed }) => Buffer.from(sealed).toString('hex'))).size).toBe(3)
    const answers = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => setSecret(sre, { ...dev, name: 'db', value: `v${n}` })))
    for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'conflict' })
    const numbers = (await versions()).filter(({ name, environmentId }) => name === 'db' && environmentId !== '').map(({ number }) => number)
    expect(Math.max(...numbers)).toBe(1 + answers.filter(({ status }) => status === 'fulfilled').length)
  })

  it('opens nowhere but where it was sealed: moved to another name, version, place or tenant, or with a bit changed, it is refused', async () => {
    const stage = await makeStage()
    const { sre, dev, versions, open, tenant } = stage
    await setSecret(sre, { ...dev, name: 'db', value: 'one' })
    await setSecret(sre, { ...dev, name: 'db', value: 'two' })
    const [one] = await versions()
    const id = one?.id ?? ''
    const stranger = await makeStage()
    await setSecret(stranger.sre, { ...stranger.dev, name: 'db', value: 'theirs' })
    const changes: [string, string][] = [
      [`update secret_version set name = 'x' where id = '${id}'`, `update secret_version set name = 'db' where id = '${id}'`],
      [`update secret_version set number = 9 where id = '${id}'`, `update secret_version set number = 1 where id = '${id}'`],
      [
        `update secret_version set environment_id = 'x' where id = '${id}'`,
        `update secret_version set environment_id = '${one?.environmentId}' where id = '${id}'`,
      ],
      [
        `update secret_version set application_id = 'x' where id = '${id}'`,
        `update secret_version set application_id = '${one?.applicationId}' where id = '${id}'`,
      ],
      [
        `update secret_version set sealed = set_byte(sealed, 14, get_byte(sealed, 14) # 1) where id = '${id}'`,
        `update secret_version set sealed = set_byte(sealed, 14, get_byte(sealed, 14) # 1) where id = '${id}'`,
      ],
    ]
    for (const [change, back] of changes) {
      await tamper(change)
      await expect(open(id)).rejects.toMatchObject({ code: 'unavailable' })
      await tamper(back)
      expect((await open(id)).get(id)).toBe('one')
    }
    const [theirs] = await stranger.versions()
    await expect(open(theirs?.id ?? '')).rejects.toMatchObject({ code: 'unavailable' })
    // Another tenant's data key in the place of one's own.
    await tamper(`update secret_key set tenant_id = 'x-' || tenant_id where tenant_id = '${tenant.id}'`)
    await expect(open(id)).rejects.toMatchObject({ code: 'unavailable' })
    await tamper(`update secret_key set tenant_id = '${tenant.id}' where tenant_id = 'x-${tenant.id}'`)
  })

  it('stays what it is when the key-encryption key is rotated; the data keys are wrapped again, and the old key is needed no more', async () => {
    const { sre, dev, versions, open } = await makeStage()
    await setSecret(sre, { ...dev, name: 'db', value: 'kept' })
    const keys = () => asPlatform((tx) => tx.secretKey.findMany())
    const before = await keys()
    const rotated = await rotateSecretsKey(platform)
    expect(rotated.rewrapped).toBe(before.length)
    const after = await keys()
    expect(new Set(after.map(({ kekId }) => kekId))).toEqual(new Set([rotated.kekId]))
    expect(before.some(({ kekId }) => kekId === rotated.kekId)).toBe(false)
    const id = (await versions())[0]?.id ?? ''
    expect((await open(id)).get(id)).toBe('kept')
    const given = 'ab'.repeat(32)
    process.env['CAISSON_SECRETS_KEY'] = given
    try {
      expect((await rewrapDataKeys(platform)).rewrapped).toBe(after.length)
      expect((await open(id)).get(id)).toBe('kept')
      await expect(rotateSecretsKey(platform)).rejects.toMatchObject({ code: 'conflict' })
    } finally {
      delete process.env['CAISSON_SECRETS_KEY']
    }
    await expect(open(id)).rejects.toMatchObject({ code: 'unavailable', fix: expect.stringContaining('CAISSON_SECRETS_KEY') as string })
    process.env['CAISSON_SECRETS_KEY_PREVIOUS'] = given
    try {
      expect((await rewrapDataKeys(platform)).rewrapped).toBe(after.length)
    } finally {
      delete process.env['CAISSON_SECRETS_KEY_PREVIOUS']
    }
    expect((await open(id)).get(id)).toBe('kept')
  })

  it('S2.15: reaches a plan by version and fingerprint; a new version is a change that a config promotion brings, a restart is not', async () => {
    const { tenant, application, sre, dev } = await makeStage()
    await makeRelease(tenant, application, 'v1.0.0', { spec: { requiredKeys: ['DB_PASSWORD'] } })
    await saveRevision(sre, {
      ...dev,
      expected: 0,
      document: { connections: { DB_PASSWORD: { secret: 'db' }, CERT: { secret: 'tls', deliver: 'file' } } },
    })
    expect((await listSecrets(sre, dev)).items.map(({ name, state }) => [name, state])).toEqual([
      ['db', 'missing'],
      ['tls', 'missing'],
    ])
    for (const name of ['db', 'tls', 'unused']) await setSecret(sre, { ...dev, name, value: `${name} one` })
    const first = await requestPromotion(sre, { ...dev, release: 'v1.0.0' })
    expect(first.plan.secrets.map(({ name }) => name)).toEqual(['db', 'tls'])
    await completeRollout(sre, first.id)
    await expect(requestPromotion(sre, { ...dev, kind: 'config' })).rejects.toMatchObject({ code: 'conflict' })
    await setSecret(sre, { ...dev, name: 'db', value: 'db two' })
    expect((await listSecrets(sre, dev)).items).toMatchObject([
      { name: 'db', changedSinceDeployed: true, deployedVersion: 1, version: 2 },
      { name: 'tls', changedSinceDeployed: false },
      { name: 'unused', changedSinceDeployed: null },
    ])
    const restart = await requestPromotion(sre, { ...dev, kind: 'restart' })
    expect(restart.plan.secrets).toEqual(first.plan.secrets)
    await completeRollout(sre, restart.id)
    const sheet = await getSheet(sre, { ...dev, kind: 'config' })
    expect(sheet.lanes.secrets).toEqual([
      { name: 'db', before: 'v1', after: 'v2' },
      { name: 'tls', before: 'v1', after: 'v1' },
    ])
    const second = await requestPromotion(sre, { ...dev, kind: 'config' })
    const states = await asPlatform(async (tx) => [await loadDesiredState(tx, first.id), await loadDesiredState(tx, second.id)])
    expect(states[0]?.configHash).not.toBe(states[1]?.configHash)
    expect(states[1]?.components[0]?.secrets).toMatchObject([
      { key: 'CERT', name: 'tls', deliver: 'file' },
      { key: 'DB_PASSWORD', name: 'db', deliver: 'environment' },
    ])
    expect(states[0]?.components.map(({ digest }) => digest)).toEqual(states[1]?.components.map(({ digest }) => digest))
    await completeRollout(sre, second.id)
    await setSecret(sre, { ...dev, name: 'db', value: 'db two' })
    // The same value again is another version, and nothing that a replica would see.
    const third = await requestPromotion(sre, { ...dev, kind: 'config' })
    expect((await asPlatform((tx) => loadDesiredState(tx, third.id))).configHash).toBe(states[1]?.configHash)
  })

  it('without a value, blocks what the config gate guards, until it has one', async () => {
    const { tenant, application, sre, dev } = await makeStage()
    await makeRelease(tenant, application, 'v1.0.0')
    const staging = { ...dev, environment: 'staging' }
    const deployed = await requestPromotion(sre, { ...dev, release: 'v1.0.0' })
    await completeRollout(sre, deployed.id)
    await saveRevision(sre, { ...staging, expected: 0, document: { connections: { DB_PASSWORD: { secret: 'db' } } } })
    const ask = () => requestPromotion(sre, { ...staging, release: 'v1.0.0' })
    await expect(ask()).rejects.toMatchObject({ code: 'gates_blocked', message: expect.stringContaining('The secret db is referred to') as string })
    await setSecret(sre, { ...staging, name: 'db', value: 'x' })
    await unsetSecret(sre, { ...staging, name: 'db' })
    await expect(unsetSecret(sre, { ...staging, name: 'db' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(ask()).rejects.toMatchObject({ code: 'gates_blocked' })
    await setSecret(sre, { ...staging, name: 'db', value: 'y' })
    expect(await ask()).toMatchObject({ state: 'rolling_out', plan: { secrets: [{ name: 'db' }] } })
  })
})
