import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { sealAll } from '#lib/audit/commands/start-sequencer'
import { verifyAllLogs } from '#lib/audit/commands/verify-log'
import { recordDrill } from '#lib/operations/commands/record-drill'
import { requestBackup, runRequestedBackup } from '#lib/operations/commands/request-backup'
import { runBackup } from '#lib/operations/commands/run-backup'
import { letGoOldBackups, scheduleBackup } from '#lib/operations/commands/schedule-backup'
import { restoreBackup } from '#lib/operations/commands/restore-backup'
import { backupFacts, newestBackup } from '#lib/operations/queries/backup-facts'
import { listBackups } from '#lib/operations/queries/list-backups'
import { listTenantBackups } from '#lib/operations/queries/list-tenant-backups'
import { createContext, systemActor, type TenantContext } from '#lib/platform/context'
import { closeDatabase, database } from '#lib/platform/database'
import { blobFolder, blobStore } from '#lib/platform/disk-blob-store'
import { enqueue } from '#lib/platform/jobs'
import { readTogether } from '#lib/platform/together'
import { createTestDatabase, dropTestDatabase, useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform, makeApplication, makePerson, makeTenant } from '#lib/testing/factories'

const source = useTestDatabase()
const passphrase = 'correct horse battery'
const folder = mkdtempSync(join(tmpdir(), 'caisson-backups-'))
const targets: { url: string; dataDir: string }[] = []
const platform = () => createContext({ actor: systemActor('test') })

/** Another installation: migrated, empty, its own directory. */
async function moveToNew(): Promise<{ url: string; dataDir: string }> {
  const target = { url: await createTestDatabase(), dataDir: mkdtempSync(join(tmpdir(), 'caisson-restored-')) }
  targets.push(target)
  await moveTo(target)
  return target
}

async function moveTo({ url, dataDir }: { url: string; dataDir: string }): Promise<void> {
  await closeDatabase()
  process.env['DATABASE_URL'] = url
  process.env['CAISSON_DATA'] = dataDir
}

const moveBack = () => moveTo({ url: source.ownerUrl, dataDir: source.dataDir })
afterEach(moveBack)
afterAll(async () => {
  for (const { url, dataDir } of targets) {
    await dropTestDatabase(url)
    rmSync(dataDir, { recursive: true, force: true })
  }
  rmSync(folder, { recursive: true, force: true })
})

/** A tag with its manifest, and a blob with real bytes behind it. */
async function pushImage(ctx: TenantContext, name: string, bytes: string): Promise<string> {
  const { digest, sizeBytes } = await blobStore().write(
    (async function* () {
      yield Buffer.from(bytes)
    })(),
  )
  const tenantId = ctx.tenant.id
  const repositoryId = `${name}-${tenantId}`
  await asPlatform(async (tx) => {
    await tx.repository.create({ data: { id: repositoryId, tenantId, name } })
    await tx.repositoryBlob.create({ data: { tenantId, repositoryId, digest, sizeBytes: BigInt(sizeBytes) } })
    const content = new Uint8Array(randomish(3000))
    await tx.manifest.create({ data: { tenantId, repositoryId, digest, mediaType: 'x', content, sizeBytes: content.length, pushedBy: 'test' } })
    await tx.tag.create({ data: { tenantId, repositoryId, name: 'v1.0.0', digest, createdBy: 'test' } })
  })
  return digest
}

/** Every byte value, so that nothing on the way may take them for text. */
const randomish = (size: number) => Uint8Array.from({ length: size }, (_, index) => (index * 31) % 256)

async function furnish(): Promise<TenantContext[]> {
  const tenants: TenantContext[] = []
  for (const slug of ['northwind', 'acme']) {
    const ctx = await actAs(await makeTenant({ slug }), 'auditor')
    await makeApplication(ctx.tenant)
    await pushImage(ctx, 'orders', `bytes of ${slug}`)
    for (let index = 0; index < 30; index += 1) await say(ctx, `“${slug}” \u2028 ${index} 'quoted' \\ and a line\nbreak`)
    tenants.push(ctx)
  }
  const [first] = tenants
  if (first)
    await first.write((tx) =>
      enqueue(tx, 'advance-promotion', { tenantId: first.tenant.id, promotionId: 'p1' }, { key: 'advance:p1', runAt: new Date('2030-01-01') }),
    )
  await sealAll()
  return tenants
}

const say = (ctx: TenantContext, reason: string) =>
  ctx.write((tx) => appendEntry(tx, ctx, { action: 'release.sealed', subject: { kind: 'release', id: 'r' }, reason }))

/** Everything in the database, by a digest of each table. */
async function contents(url: string, without: readonly string[] = []): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public' order by 1`)
  const found: Record<string, string> = {}
  for (const { name } of rows.filter((one) => !without.includes(one.name))) {
    const { rows: digests } = await client.query<{ digest: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from "${name}" t`,
    )
    found[name] = digests[0]?.digest ?? ''
  }
  await client.end()
  return found
}

let northwind: TenantContext
let acme: TenantContext
let archive: string
beforeAll(async () => {
  ;[northwind, acme] = (await furnish()) as [TenantContext, TenantContext]
  archive = join(folder, 'first.caisson')
  await runBackup(platform(), { to: archive, passphrase })
}, 60_000)

/** What a backup or a restore itself writes, and what is left out of one. */
const notCompared = [
  'audit_entry',
  'audit_unsealed',
  'audit_log_state',
  'backup',
  'backup_part',
  'evidence',
  'session',
  'live_event',
  'replica',
  'sign_in_throttle',
  '_prisma_migrations',
  'platform_setting',
]

describe('a backup', () => {
  it('S1.16: restored into an empty installation has every row, blob, key and job, and the heads of its logs', async () => {
    const before = await contents(source.ownerUrl, notCompared)
    const headOf = () =>
      database()
        .pool.query<{ log: string; seq: string; hash: string }>('select distinct on (log) log, seq, hash from audit_chain order by log, seq desc')
        .then(({ rows }) => rows)
    const heads = await headOf()
    const blob = await asPlatform((tx) => tx.repositoryBlob.findFirstOrThrow({ where: { tenantId: acme.tenant.id } }))
    const target = await moveToNew()
    const report = await restoreBackup({ file: archive, passphrase })
    expect(report.checks.filter(({ isOk }) => !isOk)).toEqual([])
    expect(report).toMatchObject({ isVerified: true, summary: { blobs: 2, tenants: 2 } })
    expect(await contents(target.url, notCompared)).toEqual(before)
    expect(await headOf()).toEqual(heads)
    expect(await blobStore().size(blob.digest)).toBe(Number(blob.sizeBytes))
    const { rows: jobs } = await database().pool.query<{ key: string; run_at: Date }>('select key, run_at from graphile_worker.jobs')
    expect(jobs).toEqual([{ key: 'advance:p1', run_at: new Date('2030-01-01') }])
    // It goes on: entries are written and sealed with the keys that came back, and the whole verifies.
    await say(northwind, 'after')
    await sealAll()
    expect((await verifyAllLogs()).flatMap(({ findings }) => findings)).toEqual([])
    const { rows: off } = await database().pool.query("select 1 from pg_trigger where not tgisinternal and tgenabled <> 'O'")
    expect(off).toEqual([])
  })

  it('S1.22: is each tenant’s own part: its rows and log head are in its own list, and in nobody else’s', async () => {
    const parts = await Promise.all([northwind, acme].map((ctx) => listTenantBackups(ctx)))
    expect(parts.map((view) => view.parts.length)).toEqual([1, 1])
    expect(parts[0]?.parts[0]).toMatchObject({ blobs: 1, logSize: 30, digest: expect.stringMatching(/^sha256:/) })
    expect(parts[0]?.parts[0]?.digest).not.toBe(parts[1]?.parts[0]?.digest)
    const entries = await asPlatform((tx) => tx.auditEntry.findMany({ where: { action: 'backup.completed' } }))
    expect(entries.map(({ log }) => log).toSorted()).toEqual([northwind.tenant.id, acme.tenant.id, 'platform'].toSorted())
  })

  it('taken while writes go on is one moment of them, and verifies', async () => {
    const over = new AbortController()
    let written = 0
    const writer = async (ctx: TenantContext) => {
      while (!over.signal.aborted) {
        await say(ctx, `during ${written}`)
        await makeApplication(ctx.tenant)
        written += 1
      }
    }
    const sealer = async () => {
      while (!over.signal.aborted) await sealAll()
    }
    const going = [writer(northwind), writer(acme), sealer()]
    const file = join(folder, 'during.caisson')
    const { state } = await runBackup(platform(), { to: file, passphrase })
    over.abort()
    await Promise.all(going)
    expect(written).toBeGreaterThan(0)
    expect(state).toBe('completed')
    await moveToNew()
    const report = await restoreBackup({ file, passphrase })
    expect(report.checks.filter(({ isOk }) => !isOk)).toEqual([])
    await sealAll()
    expect((await verifyAllLogs()).flatMap(({ findings }) => findings)).toEqual([])
  })

  it('is refused with words and without a change: wrong passphrase, another schema, a file that was cut, a target that holds something', async () => {
    const target = await moveToNew()
    const before = await contents(target.url)
    const refused = async (file: string, words: RegExp, code: string, secret = passphrase) => {
      await expect(restoreBackup({ file, passphrase: secret })).rejects.toMatchObject({ code, message: expect.stringMatching(words) })
      expect(await contents(target.url)).toEqual(before)
      expect(readdirSync(target.dataDir)).toEqual([])
    }
    await refused(archive, /passphrase does not open/, 'invalid_input', 'another passphrase')
    await refused(join(folder, 'none'), /There is no file/, 'not_found')
    const bytes = readFileSync(archive)
    const cut = join(folder, 'cut.caisson')
    writeFileSync(cut, bytes.subarray(0, bytes.length - 1000))
    await refused(cut, /altered or cut off/, 'invalid_input')
    const altered = join(folder, 'altered.caisson')
    const changed = Buffer.from(bytes)
    changed[changed.length - 500] = (changed[changed.length - 500] ?? 0) ^ 1
    writeFileSync(altered, changed)
    await refused(altered, /altered or cut off/, 'invalid_input')
    const client = new pg.Client({ connectionString: target.url })
    await client.connect()
    await client.query(`insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('x', 'x', '29990101000000_later', now())`)
    const older = await contents(target.url)
    await expect(restoreBackup({ file: archive, passphrase })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('older schema'),
    })
    expect(await contents(target.url)).toEqual(older)
    await client.query(`delete from _prisma_migrations where migration_name in ('29990101000000_later', '20261125005000_backups')`)
    await expect(restoreBackup({ file: archive, passphrase })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('newer schema'),
    })
    await client.end()
    mkdirSync(join(target.dataDir, 'keys'))
    writeFileSync(join(target.dataDir, 'keys', 'session'), 'x')
    await moveBack()
    await expect(restoreBackup({ file: archive, passphrase })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('not empty'),
    })
  })

  it('S0.19: a drill is recorded apart for the data and for the secrets, and one without its keys fails for the secrets alone', async () => {
    await moveToNew()
    const report = await restoreBackup({ file: archive, passphrase })
    await moveBack()
    expect(await recordDrill(platform(), report)).toBe(2)
    const keyless = {
      ...report,
      checks: report.checks.map((check) => (check.name === 'secrets' ? { ...check, isOk: false, words: 'no key' } : check)),
    }
    await recordDrill(platform(), keyless)
    const { drills } = await listTenantBackups(northwind)
    expect(drills.map(({ kind, result }) => `${kind} ${result}`).toSorted()).toEqual([
      'data passed',
      'data passed',
      'secrets failed',
      'secrets passed',
    ])
    const facts = await northwind.read(backupFacts)
    expect(facts).toMatchObject({
      backup: { completedAt: expect.any(Date) },
      drills: { data: { backupDigest: report.digest }, secrets: { backupDigest: report.digest } },
    })
    const evidence = await northwind.read((tx) => tx.evidence.findMany({ where: { control: { in: ['backup-proof', 'recovery'] } } }))
    expect(evidence.map(({ control, part, outcome }) => `${control} ${part} ${outcome}`)).toEqual(
      expect.arrayContaining(['backup-proof  pass', 'recovery data pass', 'recovery secrets pass', 'recovery secrets fail']),
    )
    expect((await northwind.read((tx) => readTogether(tx, { newestBackup }))).newestBackup).toEqual([{ at: facts.backup?.completedAt }])
  })

  it('is asked for once, made by the worker under the passphrase of the server, and refused where there is none', async () => {
    const admin = createContext({ actor: await makePerson({ isPlatformAdmin: true }) })
    await expect(requestBackup(admin)).rejects.toMatchObject({ code: 'unavailable', fix: expect.stringContaining('CAISSON_BACKUP_PASSPHRASE_FILE') })
    process.env['CAISSON_BACKUP_PASSPHRASE_FILE'] = join(folder, 'passphrase')
    writeFileSync(join(folder, 'passphrase'), `${passphrase}\n`)
    try {
      await requestBackup(admin)
      await expect(requestBackup(admin)).rejects.toMatchObject({ code: 'conflict' })
      expect((await listBackups(admin)).mayRun).toMatchObject({ allowed: false })
      const made = await runRequestedBackup()
      expect(made).toMatchObject({ state: 'completed', requestedBy: admin.actor.kind === 'person' ? admin.actor.id : '' })
      expect(await runRequestedBackup()).toBeUndefined()
      expect(existsSync(made?.path ?? '')).toBe(true)
      expect((await listBackups(admin)).items[0]).toMatchObject({ id: made?.id, digest: made?.digest })
      await expect(requestBackup(northwind)).rejects.toMatchObject({ code: 'forbidden' })
    } finally {
      delete process.env['CAISSON_BACKUP_PASSPHRASE_FILE']
    }
  })

  it('is made each day by itself: asked for when it is due, kept in a number, and told to every tenant when it came to nothing', async () => {
    Object.assign(process.env, { CAISSON_BACKUP_DAILY_AT: '03:00', CAISSON_BACKUP_KEEP: '1' })
    const admin = createContext({ actor: await makePerson({ isPlatformAdmin: true }) })
    const failures = () => asPlatform((tx) => tx.auditEntry.count({ where: { action: 'backup.failed', log: northwind.tenant.id } }))
    try {
      const first = new Date('2030-01-01T03:00:01Z')
      const before = await failures()
      // Without a passphrase nothing is made, and nobody is told that it was.
      expect(await scheduleBackup(first)).toBe(true)
      expect(await scheduleBackup(first)).toBe(false)
      expect(await runRequestedBackup()).toBeUndefined()
      expect((await listBackups(admin)).items[0]).toMatchObject({ state: 'failed', outcome: expect.stringContaining('no passphrase') })
      expect(await failures()).toBe(before + 1)
      process.env['CAISSON_BACKUP_PASSPHRASE_FILE'] = join(folder, 'daily')
      writeFileSync(join(folder, 'daily'), passphrase)
      expect(await scheduleBackup(new Date('2030-01-01T03:30:00Z'))).toBe(false)
      expect(await scheduleBackup(new Date('2030-01-01T04:00:02Z'))).toBe(true)
      const made = await runRequestedBackup()
      expect(made).toMatchObject({ state: 'completed', requestedBy: expect.stringContaining('backup-schedule') })
      expect(await letGoOldBackups()).toBe(0)
      expect(await scheduleBackup(new Date('2030-01-01T23:00:00Z'))).toBe(false)
      expect(await scheduleBackup(new Date('2030-01-02T03:00:00Z'))).toBe(true)
      const next = await runRequestedBackup()
      expect(await letGoOldBackups()).toBe(1)
      expect([made, next].map((one) => existsSync(one?.path ?? ''))).toEqual([false, true])
      const { items, schedule } = await listBackups(admin)
      expect(schedule).toMatchObject({ dailyAt: '03:00', keep: 1 })
      expect(items.find(({ id }) => id === made?.id)).toMatchObject({ state: 'completed', path: '', outcome: expect.stringContaining('deleted') })
      // One whose process was killed does not stand in the way of the next.
      await asPlatform((tx) => tx.backup.create({ data: { id: 'lost', state: 'running', requestedBy: 'somebody' } }))
      expect(await scheduleBackup(new Date('2030-01-03T03:00:00Z'))).toBe(true)
      expect((await listBackups(admin)).items.find(({ id }) => id === 'lost')).toMatchObject({
        state: 'failed',
        outcome: expect.stringContaining('ended'),
      })
    } finally {
      for (const name of ['CAISSON_BACKUP_DAILY_AT', 'CAISSON_BACKUP_KEEP', 'CAISSON_BACKUP_PASSPHRASE_FILE']) delete process.env[name]
      await asPlatform((tx) => tx.backup.updateMany({ where: { state: 'requested' }, data: { state: 'failed' } }))
    }
  })

  it('never writes over a file, keeps no half of one, and takes no weak passphrase', async () => {
    await expect(runBackup(platform(), { to: archive, passphrase })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('already'),
    })
    await expect(runBackup(platform(), { to: join(folder, 'weak'), passphrase: 'short' })).rejects.toMatchObject({ code: 'invalid_input' })
    expect(existsSync(`${archive}.partial`)).toBe(false)
    const rows = await asPlatform((tx) => tx.backup.findMany({ where: { state: 'failed' } }))
    expect(rows.map(({ outcome }) => outcome)).toContainEqual(expect.stringContaining('already'))
  })

  it('with a damaged blob keeps the rest, says which, and proves nothing', async () => {
    const digest = await pushImage(northwind, 'rotten', 'these bytes will rot')
    const hex = digest.slice('sha256:'.length)
    writeFileSync(join(blobFolder(), 'sha256', hex.slice(0, 2), hex), 'they did')
    const before = (await listTenantBackups(northwind)).parts.length
    const result = await runBackup(platform(), { to: join(folder, 'rotten.caisson'), passphrase })
    expect(result).toMatchObject({ state: 'incomplete', outcome: expect.stringContaining(digest) })
    expect((await listTenantBackups(northwind)).parts).toHaveLength(before)
  })
})
