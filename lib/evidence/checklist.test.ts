import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { saveRevision } from '#lib/configuration/commands/save-revision'
import { setSecret } from '#lib/configuration/commands/set-secret'
import { emptyLayer } from '#lib/configuration/config-document'
import { judgeChecklist } from '#lib/evidence/checklist'
import { attachFile } from '#lib/evidence/commands/attach-file'
import { attachStatement } from '#lib/evidence/commands/attach-statement'
import { recordEvidence } from '#lib/evidence/commands/record-evidence'
import { signChecklist } from '#lib/evidence/commands/sign-checklist'
import { getChecklist } from '#lib/evidence/queries/get-checklist'
import { getEvidenceContent } from '#lib/evidence/queries/get-evidence'
import { listChecklists } from '#lib/evidence/queries/list-checklists'
import { getSignOffText } from '#lib/evidence/queries/get-sign-off-text'
import { proveSignOff, usualMeaning } from '#lib/evidence/sign-off-proof'
import { sha256Hex } from '#lib/platform/canonical-json'
import { createContext, type TenantContext } from '#lib/platform/context'
import { database } from '#lib/platform/database'
import { blobStore } from '#lib/platform/disk-blob-store'
import { grantWaiver } from '#lib/promotions/commands/grant-waiver'
import { observeTarget } from '#lib/readiness/commands/observe-target'
import { attachedItems, makeChecklistStage } from '#lib/testing/checklists'
import { componentSpecSchema } from '#lib/tenants/component-spec'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform } from '#lib/testing/factories'
import { makeRelease } from '#lib/testing/releases'
import { makeRolloutStage, scriptedSpec } from '#lib/testing/rollouts'

useTestDatabase()

type Stage = Awaited<ReturnType<typeof makeChecklistStage>>

const statusOf = async (stage: Stage) => Object.fromEntries((await stage.look()).items.map(({ control, status }) => [control, status]))

/** As somebody with every right on the database: triggers do not hold them. */
async function tamper(sql: string): Promise<void> {
  const client = await database().pool.connect()
  try {
    await client.query('begin')
    await client.query("set local session_replication_role = 'replica'")
    await client.query(sql)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

describe('a checklist', () => {
  it('S0.7, S0.13–S0.19: has seven items and seven checks; what a rollout knows is there when it settles, and absence is missing', async () => {
    const stage = await makeChecklistStage()
    const view = await stage.look()
    expect(view.items.filter(({ kind }) => kind === 'evidence')).toHaveLength(7)
    expect(view.items.filter(({ kind }) => kind === 'check')).toHaveLength(7)
    expect(view.items.at(-1)).toMatchObject({ control: 'owner-sign-off', status: 'missing', reason: expect.stringContaining('Locked') })
    expect(await statusOf(stage)).toEqual({
      'rendered-manifest': 'pass',
      'migration-result': 'not_applicable',
      'readiness-output': 'pass',
      'smoke-test': 'pass',
      'alert-wiring': 'missing',
      'backup-proof': 'missing',
      'version-pin': 'pass',
      secrets: 'not_applicable',
      network: 'missing',
      storage: 'not_applicable',
      runtime: 'pass',
      observability: 'missing',
      recovery: 'missing',
      'owner-sign-off': 'missing',
    })
    for (const { evidence } of view.items) {
      for (const one of evidence) expect(one).toMatchObject({ origin: 'system', contentDigest: expect.stringMatching(/^sha256:/), isAtRisk: false })
    }
    const manifest = view.items.find(({ control }) => control === 'rendered-manifest')?.evidence[0]
    const promotion = await asPlatform((tx) => tx.promotion.findFirstOrThrow({ where: { releaseId: stage.release.id } }))
    expect(manifest?.contentDigest).toBe((JSON.parse(promotion.plan) as { manifestsDigest: string }).manifestsDigest)
  })

  it('S0.7: the sign-off is locked with any one item missing, and opens with all of them', async () => {
    const stage = await makeChecklistStage()
    for (const left of attachedItems) {
      const view = await stage.look()
      expect(view.sign).toMatchObject({ allowed: false, code: 'conflict', reason: expect.stringContaining('locked') })
      await expect(stage.sign()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('locked') })
      await stage.attach(left)
    }
    expect((await stage.look()).sign).toEqual({ allowed: true })
    const signed = await stage.sign()
    expect(signed).toMatchObject({ isComplete: true, settled: 14, signOff: { state: 'valid', meaning: usualMeaning } })
    expect(await asPlatform((tx) => tx.signOff.count({ where: { releaseId: stage.release.id } }))).toBe(1)
    await expect(stage.sign()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('signed already') })
    const { items } = await listChecklists(stage.owner, { application: stage.place.application })
    expect(items).toMatchObject([
      { release: { name: 'v1.2.0' }, isRunning: true, signOffState: 'valid', isComplete: true, open: [], isAtRisk: false },
    ])
  })

  it('D9: skipped is no pass, failed stays failed until something newer passes, and only people’s items take people’s word', async () => {
    const stage = await makeChecklistStage()
    const say = (outcome: 'pass' | 'fail' | 'skipped', control = 'alert-wiring', more: Record<string, string> = {}) =>
      attachStatement(stage.sre, { ...stage.place, control, outcome, summary: 'So it is.', text: 'Words.', ...more })
    await say('skipped')
    expect((await statusOf(stage))['alert-wiring']).toBe('skipped')
    await say('fail')
    expect((await statusOf(stage))['alert-wiring']).toBe('fail')
    await say('pass')
    expect((await statusOf(stage))['alert-wiring']).toBe('pass')
    for (const control of ['rendered-manifest', 'readiness-output', 'smoke-test', 'version-pin', 'runtime', 'secrets', 'owner-sign-off']) {
      await expect(say('pass', control)).rejects.toMatchObject({ code: 'conflict' })
    }
    await expect(say('pass', 'recovery')).rejects.toMatchObject({ code: 'invalid_input', fix: expect.stringContaining('data or secrets') })
    await expect(say('pass', 'alert-wiring', { observedAt: '2999-01-01T00:00:00Z' })).rejects.toMatchObject({ code: 'invalid_input' })
    await expect(say('pass', 'none')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('D16, S0.18, S0.19: old evidence is expired, one drill of two is not enough, and equivalent alerts need a test fire', async () => {
    const stage = await makeChecklistStage()
    const say = (control: string, more: Record<string, string>) =>
      attachStatement(stage.sre, { ...stage.place, control, summary: 'So it is.', text: 'Words.', ...more })
    await say('backup-proof', { observedAt: new Date(Date.now() - 25 * 3_600_000).toISOString() })
    expect((await statusOf(stage))['backup-proof']).toBe('expired')
    await say('recovery', { part: 'data' })
    expect((await stage.look()).items.find(({ control }) => control === 'recovery')).toMatchObject({ status: 'missing' })
    await say('recovery', { part: 'secrets' })
    expect((await statusOf(stage))['recovery']).toBe('pass')
    await say('observability', {})
    expect((await statusOf(stage))['observability']).toBe('fail')
    await say('observability', { form: 'equivalent' })
    expect((await statusOf(stage))['observability']).toBe('fail')
    await say('observability', { form: 'equivalent', testFiredAt: new Date(Date.now() - 60_000).toISOString() })
    expect((await statusOf(stage))['observability']).toBe('pass')
  })

  it('takes evidence that is wider than a release, and an exception by name until it ends', async () => {
    const stage = await makeChecklistStage()
    await stage.system.write((tx) =>
      recordEvidence(tx, stage.system, {
        control: 'backup-proof',
        scope: {},
        outcome: 'pass',
        summary: 'A backup of everything was made and verified.',
        content: { text: '{}', mediaType: 'application/json' },
      }),
    )
    expect((await statusOf(stage))['backup-proof']).toBe('pass')
    const approver = await actAs(stage.tenant, 'approver')
    const endsAt = new Date(Date.now() + 3_600_000).toISOString()
    const waive = (gate: string) =>
      grantWaiver(approver, { application: stage.place.application, environment: 'dev', gate, reason: 'being rebuilt', endsAt })
    await waive('evidence:alert-wiring')
    const item = (await stage.look()).items.find(({ control }) => control === 'alert-wiring')
    expect(item).toMatchObject({
      status: 'waived',
      waiver: { reason: 'being rebuilt', endsAt },
      reason: expect.stringContaining('Without it: Nothing'),
    })
    await expect(waive('evidence:owner-sign-off')).rejects.toMatchObject({ code: 'invalid_input' })
    await tamper(`update waiver set ends_at = now() - interval '1 second' where gate = 'evidence:alert-wiring'`)
    expect((await statusOf(stage))['alert-wiring']).toBe('missing')
  })

  it('S0.13, S0.22: is pinned to the release approval: a value saved after it makes the check fail, and none makes it missing', async () => {
    const stage = await makeChecklistStage()
    const approval = await asPlatform((tx) => tx.releaseApproval.findFirstOrThrow({ where: { releaseId: stage.release.id } }))
    expect(JSON.parse(approval.content)).toMatchObject({ release: 'v1.2.0', components: [{ name: 'app', digest: stage.release.digest }] })
    await stage.attachAll()
    await stage.sign()
    const document = { ...emptyLayer, replicas: 2, variables: { GREETING: 'hello' } }
    await saveRevision(stage.manager, { application: stage.place.application, environment: 'dev', expected: 1, document })
    const changed = await stage.look()
    expect(changed.items.find(({ control }) => control === 'version-pin')).toMatchObject({ status: 'fail', reason: expect.stringContaining('r2') })
    expect(changed.signOff).toMatchObject({ state: 'invalid', reason: expect.stringContaining('the values') })
    expect(changed.isComplete).toBe(false)
    await tamper(`update release_approval set expires_at = now() where id = '${approval.id}'`)
    expect((await statusOf(stage))['version-pin']).toBe('fail')
    await tamper(`delete from release_approval where id = '${approval.id}'`)
    expect((await statusOf(stage))['version-pin']).toBe('missing')
  })

  it('S0.17: runtime fails with one component not ready and is missing when the observation is old', async () => {
    const stage = await makeChecklistStage()
    await tamper(
      `update replica set state = 'not_ready', reason = 'http_503' where id = (select min(id) from replica where application_id = '${stage.application.id}')`,
    )
    expect((await stage.look()).items.find(({ control }) => control === 'runtime')).toMatchObject({
      status: 'fail',
      reason: expect.stringContaining('app (1 of 2: http_503)'),
    })
    await tamper(`update deployment set observed_at = now() - interval '11 minutes' where application_id = '${stage.application.id}'`)
    expect((await statusOf(stage))['runtime']).toBe('missing')
  })
})

/** Key names of the classes that S0.14 lists. */
describe('the storage of a release', () => {
  it('S0.16: fails while what migrates and provisions once is pending or ended badly in the last observation, and passes once it did its work', async () => {
    const stage = await makeRolloutStage({ replicas: 1 })
    const once = (name: string) => [name, { ...scriptedSpec, runs: 'once' as const, stateMigration: 'on_start' as const }] as const
    const app = { ...scriptedSpec, dependsOn: [{ component: 'migrate', condition: 'completed' as const }] }
    await makeRelease(stage.tenant, stage.application, 'v2.0.0', { components: { app, ...Object.fromEntries([once('migrate'), once('streams')]) } })
    stage.runtime.behaviour = (_digest, _nth, component) => (component === 'app' ? 'ready' : 'completes')
    const { rolloutId } = await stage.ask('v2.0.0')
    await stage.settle(rolloutId)
    const owner = await actAs(stage.tenant, 'evidence_owner')
    const place = { ...stage.place, release: 'v2.0.0' }
    const storage = async () => (await getChecklist(owner, place)).items.find(({ control }) => control === 'storage')
    const parts = { driverFor: () => stage.runtime, probe: stage.runtime.probe, memory: new Map(), signal: new AbortController().signal }
    const observed = async (component: string, state: 'running' | 'exited', reason: string) => {
      for (const replica of stage.runtime.replicas.values()) if (replica.component === component) Object.assign(replica, { state, reason })
      await observeTarget(stage.system, parts, stage.rows)
      return storage()
    }
    expect(await storage()).toMatchObject({ status: 'pass', reason: 'migrate, streams did their work here: migrated and provisioned.' })
    expect((await getChecklist(owner, place)).items.find(({ control }) => control === 'runtime')).toMatchObject({ status: 'pass' })
    expect(await observed('migrate', 'running', '')).toMatchObject({ status: 'fail', reason: expect.stringContaining('migrate (') })
    expect(await observed('migrate', 'exited', 'exit_1')).toMatchObject({ status: 'fail', reason: expect.stringContaining('migrate (exit_1)') })
    expect(await observed('migrate', 'exited', 'completed')).toMatchObject({ status: 'pass' })
    expect(await observed('streams', 'exited', 'exit_1')).toMatchObject({ status: 'fail', reason: expect.stringContaining('streams') })
    const say = (outcome: 'pass' | 'fail') =>
      attachStatement(stage.manager, { ...place, control: 'storage', outcome, summary: 'So it is.', text: 'Words.' })
    await say('pass')
    expect(await storage()).toMatchObject({ status: 'fail' })
    await observed('streams', 'exited', 'completed')
    expect(await storage()).toMatchObject({ status: 'pass' })
    await say('fail')
    expect(await storage()).toMatchObject({ status: 'fail', reason: 'So it is.' })
  })
})

const classes = [
  'databaseUrl',
  'redisUrl',
  'caracalAdminToken',
  'caracalCoordinatorToken',
  'zoneKek',
  'auditHmacKey',
  'streamsHmacKey',
  'gatewayStsHmacKey',
]

describe('the secrets of a release', () => {
  it.each(classes)('S0.14: fail without %s, and name it', (left) => {
    const spec = componentSpecSchema.parse({ requiredSecrets: classes })
    const release = { id: 'r', name: 'v1.0.0', components: [{ name: 'app', repository: 'a/b', digest: 'sha256:1', spec }] }
    const subject = { application: { id: 'a', slug: 'a' }, environment: { id: 'e', slug: 'prod' }, release, parameters: {} }
    const secrets = classes.map((name) => ({ environmentId: 'e', applicationId: 'a', name, location: 'a vault', owner: 'somebody' }))
    const none = { rows: [], approvals: [], signOffs: [], waivers: [], running: [], overlays: [], now: new Date(), tenant: { id: 't', slug: 't' } }
    const judge = (kept: typeof secrets) => judgeChecklist({ ...none, secrets: kept }, subject).items.find(({ control }) => control.id === 'secrets')
    expect(judge(secrets)).toMatchObject({ status: 'pass', reason: 'All 8 secrets have a place and an owner.' })
    expect(judge(secrets.filter(({ name }) => name !== left))).toMatchObject({ status: 'fail', reason: expect.stringContaining(left) })
    expect(judge(secrets.map((one) => (one.name === left ? { ...one, owner: '' } : one)))).toMatchObject({ status: 'fail' })
    expect(judge(secrets.map((one) => (one.name === left ? { ...one, location: '' } : one)))).toMatchObject({ status: 'fail' })
  })

  it('S0.14: are those that it declares and those that its connections name, with who set them', async () => {
    const stage = await makeChecklistStage()
    const place = { application: stage.place.application, environment: 'dev' }
    const document = { ...emptyLayer, replicas: 2, connections: { DB_URL: { secret: 'database', deliver: 'environment' as const } } }
    await saveRevision(stage.manager, { ...place, expected: 1, document })
    expect((await stage.look()).items.find(({ control }) => control === 'secrets')).toMatchObject({
      status: 'fail',
      reason: expect.stringContaining('database'),
    })
    await setSecret(stage.sre, { ...place, name: 'database', value: 'postgres://user:canary-6f1@db.test/x' })
    const view = await stage.look()
    expect(view.items.find(({ control }) => control === 'secrets')).toMatchObject({ status: 'pass' })
    expect(JSON.stringify(view)).not.toContain('canary-6f1')
  })
})

describe('a file', () => {
  it('is streamed into the registry as a referrer of the image, bound to its digest, and comes back as it was', async () => {
    const stage = await makeChecklistStage()
    const bytes = Buffer.from('a report of alerts\n'.repeat(5000))
    const input = {
      ...stage.place,
      control: 'alert-wiring',
      part: '',
      outcome: 'pass',
      summary: 'Report.',
      fileName: 'alerts.txt',
      mediaType: 'text/plain',
    } as const
    const view = await attachFile(stage.sre, input, Readable.from([bytes.subarray(0, 100), bytes.subarray(100)]))
    const [evidence] = view.items.find(({ control }) => control === 'alert-wiring')?.evidence ?? []
    expect(evidence).toMatchObject({ fileName: 'alerts.txt', sizeBytes: bytes.length, contentDigest: `sha256:${sha256Hex(bytes)}` })
    const manifest = await asPlatform((tx) =>
      tx.manifest.findFirstOrThrow({ where: { tenantId: stage.tenant.id, digest: evidence?.reference.split('@')[1] ?? '' } }),
    )
    expect(manifest).toMatchObject({ subjectDigest: stage.release.digest, artifactType: 'application/vnd.caisson.evidence.v1' })
    const content = await getEvidenceContent(stage.owner, { evidence: evidence?.id ?? '' })
    expect(await buffer(content.body as Readable)).toEqual(bytes)
    await expect(attachFile(stage.sre, input, Readable.from([]))).rejects.toMatchObject({ code: 'invalid_input' })
    async function* endless() {
      for (;;) yield Buffer.alloc(1024 ** 2)
    }
    await expect(attachFile(stage.sre, input, endless())).rejects.toMatchObject({ code: 'too_large' })
  })
})

describe('a sign-off', () => {
  it('asks for a password of the last five minutes, the shown text, a role, and no exception of one’s own', async () => {
    const stage = await makeChecklistStage()
    await stage.attachAll()
    const later = (minutes: number): TenantContext => createContext({ ...stage.owner, now: () => new Date(Date.now() + minutes * 60_000) })
    await expect(stage.sign(later(6))).rejects.toMatchObject({ code: 'reauthentication_required' })
    const words = { meaning: usualMeaning, comment: '' }
    const { digest, preparedAt } = await getSignOffText(stage.owner, { ...stage.place, ...words })
    await stage.attach(attachedItems[0])
    const stale = signChecklist(stage.owner, { ...stage.place, ...words, preparedAt, statementDigest: digest })
    await expect(stale).rejects.toMatchObject({ code: 'plan_moved' })
    const other = signChecklist(stage.owner, { ...stage.place, meaning: 'Something else.', comment: '', preparedAt, statementDigest: digest })
    await expect(other).rejects.toMatchObject({ code: 'plan_moved' })
    await expect(stage.sign(stage.sre)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(stage.sign(await actAs(stage.tenant, 'auditor'))).rejects.toMatchObject({ code: 'forbidden' })
    const both = await actAs(stage.tenant, 'evidence_owner', 'approver')
    await attachStatement(stage.sre, { ...stage.place, control: 'network', outcome: 'skipped', summary: 'Not now.', text: 'Not now.' })
    const endsAt = new Date(Date.now() + 3_600_000).toISOString()
    await grantWaiver(both, { application: stage.place.application, environment: 'dev', gate: 'evidence:network', reason: 'later', endsAt })
    await expect(stage.sign(both)).rejects.toMatchObject({ code: 'own_request' })
    expect(await asPlatform((tx) => tx.signOff.count({ where: { releaseId: stage.release.id } }))).toBe(0)
    expect(await stage.sign()).toMatchObject({ isComplete: true })
  })

  it('is a DSSE envelope that anybody with the key can prove, and is kept beside the image', async () => {
    const stage = await makeChecklistStage()
    await stage.attachAll()
    const view = await stage.sign(stage.owner, { meaning: 'I stand for it.', comment: 'after the drill' })
    const signOff = view.signOff ?? expect.fail('no sign-off')
    const digestOfText = (text: string) => Promise.resolve(`sha256:${sha256Hex(text)}`)
    const current = { content: view.content, digests: view.release.components.map(({ digest }) => digest) }
    expect(await proveSignOff(signOff, current, view.key, digestOfText)).toMatchObject({ isValid: true })
    for (const field of ['envelope', 'statement', 'content'] as const) {
      const forged = { ...signOff, [field]: signOff[field].replace(/[0-9a-f](?=[^0-9a-f]*$)/, (digit) => (digit === '0' ? '1' : '0')) }
      expect(await proveSignOff(forged, current, view.key, digestOfText)).toMatchObject({ isValid: false })
    }
    const stranger = { ...view.key, publicKey: Buffer.alloc(32, 7).toString('base64') }
    expect(await proveSignOff(signOff, current, stranger, digestOfText)).toMatchObject({ isValid: false })
    expect(JSON.parse(signOff.statement)).toMatchObject({
      subject: [{ digest: { sha256: stage.release.digest.slice(7) } }],
      predicate: { checklistDigest: view.digest, meaning: 'I stand for it.', comment: 'after the drill' },
    })
    const row = await asPlatform((tx) =>
      tx.manifest.findFirstOrThrow({ where: { tenantId: stage.tenant.id, digest: signOff.reference.split('@')[1] ?? '' } }),
    )
    const [layer] = (JSON.parse(Buffer.from(row.content).toString('utf8')) as { layers: { digest: string }[] }).layers
    const kept = await buffer(await blobStore().read(layer?.digest ?? ''))
    expect(row.subjectDigest).toBe(stage.release.digest)
    expect(kept.toString('utf8')).toBe(signOff.envelope)
  })

  it('is invalid after a change of any column of any row that was signed, by reflection over the tables', async () => {
    const stage = await makeChecklistStage()
    await stage.attachAll()
    expect(await stage.sign()).toMatchObject({ signOff: { state: 'valid' } })
    const { pool } = database()
    const changed: string[] = []
    for (const table of ['evidence', 'release_approval', 'sign_off', 'release_component', 'config_revision']) {
      const { rows: columns } = await pool.query<{ name: string; type: string }>(
        `select column_name as name, data_type as type from information_schema.columns where table_schema = 'public' and table_name = $1`,
        [table],
      )
      const scope = table === 'config_revision' ? `application_id = '${stage.application.id}'` : `release_id = '${stage.release.id}'`
      const key = table === 'release_component' ? 'release_id' : 'id'
      const { rows } = await pool.query<{ key: string; row: string }>(`select ${key} as key, to_jsonb(t)::text as row from ${table} t where ${scope}`)
      for (const { key: id } of rows.slice(0, table === 'evidence' ? 3 : 1)) {
        for (const { name, type } of columns) {
          if (silent.has(`${table}.${name}`)) continue
          const was = `(select ${name} from ${table} where ${key} = '${id}')`
          await tamper(`create table kept as select * from ${table} where ${key} = '${id}'`)
          await tamper(`update ${table} set ${name} = ${particular[`${table}.${name}`] ?? other(type, was)} where ${key} = '${id}'`)
          const { signOff } = await stage.look().catch(() => ({ signOff: null }))
          if (signOff?.state === 'valid') expect.fail(`${table}.${name} changed unseen`)
          const spot = name === key ? `${key} = ${other(type, `'${id}'`)}` : `${key} = '${id}'`
          await tamper(`delete from ${table} where ${spot}; insert into ${table} select * from kept; drop table kept`)
          changed.push(`${table}.${name}`)
        }
      }
    }
    expect(await stage.look()).toMatchObject({ signOff: { state: 'valid' } })
    expect(new Set(changed).size).toBeGreaterThan(45)
  }, 60_000)

  it('is at risk when the entry of its evidence is gone, and when the log was found damaged', async () => {
    const stage = await makeChecklistStage()
    await stage.attachAll()
    const view = await stage.sign()
    expect(view.risks).toEqual([])
    const [evidence] = view.items.find(({ control }) => control === 'alert-wiring')?.evidence ?? []
    await tamper(`delete from audit_entry where subject = 'evidence:${evidence?.id}'`)
    const after = await stage.look()
    expect(after.items.find(({ control }) => control === 'alert-wiring')?.evidence).toMatchObject([{ isAtRisk: true }])
    const findings = JSON.stringify([{ code: 'deleted', seq: 4, entryId: null, words: 'An entry is gone.' }])
    await tamper(
      `insert into audit_log_state (log, findings) values ('${stage.tenant.id}', '${findings}') on conflict (log) do update set findings = excluded.findings`,
    )
    expect((await stage.look()).risks).toEqual(['An entry is gone.'])
    expect((await listChecklists(stage.owner, {})).items[0]).toMatchObject({ isAtRisk: true })
  })
})

/** Columns that say nothing about what was signed: whose row it is, how the runtime starts it, when it was written down. */
const silent = new Set([
  'evidence.tenant_id',
  'release_approval.tenant_id',
  'sign_off.tenant_id',
  'sign_off.id',
  'sign_off.repository',
  'sign_off.referrer_digest',
  'sign_off.authenticated_at',
  'sign_off.signed_at',
  'release_component.tenant_id',
  'release_component.release_id',
  'release_component.image_id',
  'release_component.spec',
  'config_revision.tenant_id',
  'config_revision.id',
  'config_revision.hash',
  'config_revision.own',
  'config_revision.layers',
  'config_revision.note',
  'config_revision.created_at',
  'config_revision.created_by',
])

/** Where a check constraint asks for one of a few. */
const particular: Record<string, string> = { 'evidence.outcome': `'skipped'`, 'evidence.origin': `'token'` }

function other(type: string, was: string): string {
  if (type === 'ARRAY') return `array_append(${was}, 'x')`
  if (type === 'text') return `coalesce(${was}, '') || 'x'`
  if (type.startsWith('timestamp')) return `${was} + interval '1 second'`
  return `${was} + 1`
}
