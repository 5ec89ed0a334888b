import { createPublicKey, verify } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { extract } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { createProgram } from '#bin/cli/program'
import { saveRevision } from '#lib/configuration/commands/save-revision'
import { setSecret } from '#lib/configuration/commands/set-secret'
import { emptyLayer } from '#lib/configuration/config-document'
import { attachStatement } from '#lib/evidence/commands/attach-statement'
import { acceptHandOff } from '#lib/kits/commands/accept-hand-off'
import { createKit } from '#lib/kits/commands/create-kit'
import { takeStage } from '#lib/kits/commands/take-stage'
import { kitDocumentSchema } from '#lib/kits/document'
import { runbookSections, valueSections } from '#lib/kits/sections'
import { guides } from '#lib/kits/guides'
import { handOffAreas, type HandOffAreas } from '#lib/kits/hand-off'
import type { KitView } from '#lib/kits/kit'
import { compareKits } from '#lib/kits/queries/compare-kits'
import { getKit } from '#lib/kits/queries/get-kit'
import { getKitArchive } from '#lib/kits/queries/get-kit-archive'
import { listKits } from '#lib/kits/queries/list-kits'
import { stageIds, type StageId } from '#lib/kits/stages'
import { sha256Hex } from '#lib/platform/canonical-json'
import type { TenantContext } from '#lib/platform/context'
import { attachedItems, makeChecklistStage } from '#lib/testing/checklists'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform, makeTenant } from '#lib/testing/factories'

useTestDatabase()

const runbook = { backup: 'pg_dump every night.', restore: 'pg_restore into an empty database.' }
const areas = Object.fromEntries(handOffAreas.map(({ id, asks }) => [id, asks])) as HandOffAreas

async function makeKitStage(more: { runbook?: Partial<typeof runbook> } = {}) {
  const stage = await makeChecklistStage()
  const place = { application: stage.place.application, environment: 'dev' }
  const approver = await actAs(stage.tenant, 'approver')
  const kit = await createKit(stage.manager, { ...place, runbook: more.runbook ?? runbook })
  const by: Record<Exclude<StageId, 'hand-off'>, TenantContext> = {
    package: stage.manager,
    review: approver,
    secrets: stage.sre,
    render: stage.manager,
    install: stage.sre,
    verify: stage.sre,
  }
  const take = (id: Exclude<StageId, 'hand-off'>, options: { outcome?: 'failed'; note?: string; revision?: number; ctx?: TenantContext } = {}) =>
    takeStage(options.ctx ?? by[id], {
      kit: kit.id,
      revision: options.revision ?? 1,
      stage: id,
      ...(options.outcome ? { outcome: options.outcome } : {}),
      note: options.note ?? '',
    })
  const accept = (ctx: TenantContext = stage.owner, revision = 1) => acceptHandOff(ctx, { kit: kit.id, revision, team: 'Platform', areas })
  return { ...stage, kit, kitPlace: place, approver, take, accept }
}

async function unpack(archive: Buffer): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  const tar = Readable.from([gunzipSync(archive)]).pipe(extract())
  for await (const entry of tar) {
    const text = (await buffer(entry)).toString('utf8')
    if (entry.header.type === 'file') files.set(entry.header.name.split('/').slice(1).join('/'), text)
  }
  return files
}

/** `section.key` of what two sets of values say differently. */
function differences(one: KitView['document']['values'], other: KitView['document']['values']): string[] {
  return valueSections.flatMap((section) => {
    const flat = ({ state, ...rest }: (typeof one)[typeof section]): Record<string, unknown> => ({ state, ...('values' in rest ? rest.values : {}) })
    const [left, right] = [flat(one[section]), flat(other[section])]
    const keys = new Set([...Object.keys(left), ...Object.keys(right)])
    return [...keys].flatMap((key) => (JSON.stringify(left[key]) === JSON.stringify(right[key]) ? [] : [`${section}.${key}`]))
  })
}

const download = async (ctx: TenantContext, kit: string) => buffer((await getKitArchive(ctx, { kit })).body)

describe('a kit', () => {
  it('S0.1, S0.3, S0.5, S0.6, S0.7: names the digests and the revision that run, in five artifacts with eight sections, six of a runbook and fourteen items', async () => {
    const { kit, release, kitPlace, tenant, manager } = await makeKitStage()
    const { document } = kit
    expect(document.release).toEqual({
      name: 'v1.2.0',
      bundle: '1.2.0+kit.1',
      components: [{ name: 'app', digest: release.digest, image: `${tenant.slug}/${kitPlace.application}:v1.2.0@${release.digest}` }],
    })
    expect(document.configuration).toMatchObject({ revision: 1, isRunning: true })
    expect(Object.keys(document.values).toSorted()).toEqual([...valueSections].toSorted())
    expect(Object.keys(document.runbook).toSorted()).toEqual([...runbookSections].toSorted())
    expect(document.checklist.items).toHaveLength(14)
    expect(kit).toMatchObject({ drift: '', revision: 1, owner: '' })
    for (const name of ['', 'latest', 'v1', 'v1.2']) {
      expect(kitDocumentSchema.safeParse({ ...document, release: { ...document.release, name } }).success).toBe(false)
      await expect(createKit(manager, { ...kitPlace, release: name || 'none' })).rejects.toMatchObject({ code: 'invalid_input' })
    }
    expect(kitDocumentSchema.safeParse({ ...document, values: { ...document.values, more: document.values.tag } }).success).toBe(false)
    const { tag: _tag, ...seven } = document.values
    expect(kitDocumentSchema.safeParse({ ...document, values: seven }).success).toBe(false)
  })

  it('S0.5: says of a secret where it is, who set it and how it is delivered, and never what it is', async () => {
    const { manager, sre, kitPlace, owner } = await makeKitStage()
    const document = { ...emptyLayer, replicas: 2, connections: { DB_URL: { secret: 'database', deliver: 'environment' as const } } }
    await saveRevision(manager, { ...kitPlace, expected: 1, document })
    await setSecret(sre, { ...kitPlace, name: 'database', value: 'canary-91bd' })
    // What runs has the revision before, which names no secret: the secret is there all the same.
    const kit = await createKit(manager, kitPlace)
    expect(kit.document.secrets).toMatchObject([
      {
        key: 'database',
        delivery: 'not delivered',
        location: expect.stringContaining('AES-256-GCM'),
        lastRotatedAt: expect.stringMatching(/^\d{4}-/),
      },
    ])
    const archive = await download(owner, kit.id)
    expect(gunzipSync(archive).toString('latin1')).not.toContain('canary-91bd')
    const withValue = { ...kit.document.secrets[0], value: 'canary' }
    expect(kitDocumentSchema.safeParse({ ...kit.document, secrets: [withValue] }).success).toBe(false)
  })

  it('S0.4: gives the values of an environment in eight sections, each with its state, and two environments differ only in keys of their overlays', async () => {
    const { manager, sre, kit, kitPlace } = await makeKitStage()
    const staging = { ...kitPlace, environment: 'staging' }
    const compose = async (expected: number, document: Parameters<typeof saveRevision>[1]['document']) => {
      await saveRevision(manager, { ...staging, expected, document })
      return (await createKit(manager, { ...staging, release: 'v1.2.0', runbook, reason: 'other values' })).document.values
    }
    const dev = kit.document.values
    const same = await compose(0, { ...emptyLayer, replicas: 2 })
    expect(same).toEqual(dev)
    expect(Object.keys(same)).toEqual([...valueSections])
    for (const section of Object.values(same)) {
      expect(['set', 'inherited', 'not_applicable']).toContain(section.state)
      if (section.state === 'not_applicable') expect(section.reason).not.toBe('')
      else expect(Object.keys(section.values)).not.toEqual([])
    }
    await setSecret(sre, { ...staging, name: 'database', value: 'canary' })
    const other = await compose(1, {
      replicas: 3,
      strategy: { maxUnavailable: 0, maxSurge: 2 },
      jvmArguments: ['-Xss1m'],
      variables: { REGION: 'eu' },
      flags: { BETA: true },
      files: { 'config/app.yaml': 'a: b' },
      connections: { DB_URL: { secret: 'database', deliver: 'environment' } },
    })
    const keys = ['replicas', 'strategy', 'jvmArguments', 'variables', 'flags', 'files']
    expect(differences(dev, other).toSorted()).toEqual([...keys.map((key) => `resources.${key}`), 'secrets.connections', 'secrets.state'].toSorted())
  })

  it('S0.6: cannot leave Package while a section of the runbook is empty, and says which', async () => {
    const { take, kit, manager, kitPlace } = await makeKitStage({ runbook: { backup: 'nightly' } })
    expect(kit.stages[0]?.take).toMatchObject({ allowed: false, reason: 'The runbook has nothing under restore.' })
    await expect(take('package')).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('restore') })
    const next = await createKit(manager, { ...kitPlace, runbook: { restore: 'pg_restore' }, reason: 'the runbook was not complete' })
    expect(next).toMatchObject({
      revision: 2,
      document: { runbook: { backup: 'nightly', restore: 'pg_restore' }, release: { bundle: '1.2.0+kit.2' } },
    })
    await expect(take('package')).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('Revision 2 is the newest') })
    await take('package', { revision: 2 })
  })

  it('S0.12: goes through seven stages in one order, each once, by who may; skipping names what is missing before', async () => {
    const stage = await makeKitStage()
    const { take, kit, manager, owner } = stage
    await expect(take('render')).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('Package kit is missing before it') })
    await take('package')
    await expect(take('package')).rejects.toMatchObject({ code: 'conflict' })
    await expect(take('secrets')).rejects.toMatchObject({ message: expect.stringContaining('Security and platform review is missing before it') })
    await expect(take('review', { ctx: manager })).rejects.toMatchObject({ code: 'forbidden' })
    await take('review', { note: 'read' })
    for (const id of ['secrets', 'render', 'install'] as const) await take(id)
    await expect(take('verify')).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('alert wiring') })
    await stage.attachAll()
    const verified = await take('verify')
    expect(verified.stages.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done', 'done', 'next'])
    expect(verified.stages[1]).toMatchObject({
      role: 'approver',
      note: 'read',
      by: { name: expect.any(String) },
      at: expect.stringMatching(/^\d{4}/),
    })
    await expect(stage.accept()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('not signed') })
    await stage.sign()
    const done = await stage.accept()
    expect(done).toMatchObject({ owner: 'Platform', handOff: { team: 'Platform', areas } })
    const entries = await asPlatform((tx) => tx.auditEntry.findMany({ where: { subject: `kit:${kit.id}` }, orderBy: { at: 'asc' } }))
    expect(entries.map(({ action }) => action)).toEqual(['kit.created', ...Array.from({ length: 6 }, () => 'kit.stage_done'), 'kit.handed_off'])
    expect((await listKits(owner, {})).items).toMatchObject([{ standing: 'handed_off', stage: '', owner: 'Platform' }])
    const pins = await asPlatform((tx) => tx.registryPin.findMany({ where: { pinnedBy: `kit:${kit.id}` } }))
    expect(pins.map(({ digest }) => digest)).toEqual([stage.release.digest])
  })

  it('S0.12: goes back to Package as a new revision when a stage fails; the failed one stays as it was', async () => {
    const { take, kit, owner } = await makeKitStage()
    await take('package')
    await expect(take('review', { outcome: 'failed' })).rejects.toMatchObject({ code: 'invalid_input' })
    const next = await take('review', { outcome: 'failed', note: 'no egress rule' })
    expect(next).toMatchObject({ revision: 2, reason: expect.stringContaining('no egress rule') })
    expect(next.stages.map(({ state }) => state)).toEqual(['next', 'waiting', 'waiting', 'waiting', 'waiting', 'waiting', 'waiting'])
    const old = await getKit(owner, { kit: kit.id, revision: 1 })
    expect(old).toMatchObject({ digest: kit.digest, document: kit.document })
    expect(old.stages.map(({ state }) => state).slice(0, 2)).toEqual(['done', 'failed'])
    await expect(asPlatform((tx) => tx.kitRevision.updateMany({ where: { kitId: kit.id }, data: { reason: 'x' } }))).rejects.toThrow(
      /denied|append-only/,
    )
  })

  it('S0.21: is not taken over while owner, secret, backup, alert or recovery test is missing, nor by who may not', async () => {
    const stage = await makeKitStage()
    const order = stageIds.filter((id) => id !== 'hand-off')
    await stage.attachAll()
    for (const id of order) await stage.take(id)
    await stage.sign()
    const say = (control: string, outcome: 'pass' | 'fail', more: Record<string, string> = {}) =>
      attachStatement(stage.sre, { ...stage.place, control, outcome, summary: 'So it is.', text: 'Words.', ...more })
    for (const [control, words, more] of [
      ['backup-proof', 'the backup', {}],
      ['alert-wiring', 'the alerts', {}],
      ['recovery', 'the recovery test', { part: 'data' }],
    ] as const) {
      await say(control, 'fail', more)
      await expect(stage.accept()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(words) })
      await say(control, 'pass', more)
    }
    await stage.sign()
    for (const ctx of [stage.sre, stage.manager, await actAs(stage.tenant, 'auditor')])
      await expect(stage.accept(ctx)).rejects.toMatchObject({ code: 'forbidden' })
    const partial = { kit: stage.kit.id, revision: 1, team: 'Platform', areas: { ...areas, ownership: '' } }
    await expect(acceptHandOff(stage.owner, partial)).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining('Ownership') })
    expect(await stage.accept()).toMatchObject({ owner: 'Platform' })
  })

  it('says when what runs is not what it names', async () => {
    const stage = await makeKitStage()
    const { rolloutId } = await stage.ask('v1.0.0')
    await stage.settle(rolloutId)
    const view: KitView = await getKit(stage.owner, { kit: stage.kit.id })
    expect(view.drift).toBe('v1.2.0 does not run in dev.')
    const next = await createKit(stage.manager, stage.kitPlace)
    expect(next).toMatchObject({ revision: 2, drift: '', document: { release: { name: 'v1.0.0' } } })
  })
})

describe('the archive of a kit', () => {
  it('S0.1: is the same bytes each time, its sums hold, and the sums are signed with the key of the tenant', async () => {
    const stage = await makeKitStage()
    await stage.attachAll()
    for (const id of stageIds.filter((one) => one !== 'hand-off')) await stage.take(id)
    await stage.sign()
    const first = await download(stage.owner, stage.kit.id)
    expect(sha256Hex(await download(stage.sre, stage.kit.id))).toBe(sha256Hex(first))
    const files = await unpack(first)
    expect([...files.keys()].toSorted()).toEqual(
      [
        'SHA256SUMS',
        'SHA256SUMS.sig',
        'checklist-verified.json',
        'checklist.json',
        'key.json',
        'kit.json',
        'links.json',
        'manifests.json',
        'release.json',
        'runbook.md',
        'secrets.json',
        'sign-off.dsse.json',
        'stages.json',
        'values.json',
      ].toSorted(),
    )
    const sums = files.get('SHA256SUMS') ?? ''
    const lines = sums.trimEnd().split('\n')
    expect(lines).toHaveLength(files.size - 3)
    for (const line of lines) {
      const [sum, path = ''] = line.split('  ')
      expect(sha256Hex(files.get(path) ?? '')).toBe(sum)
    }
    const key = JSON.parse(files.get('key.json') ?? '') as { publicKey: string }
    const publicKey = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key.publicKey, 'base64').toString('base64url') },
      format: 'jwk',
    })
    const signature = Buffer.from(files.get('SHA256SUMS.sig') ?? '', 'base64')
    expect(verify(null, Buffer.from(sums), publicKey, signature)).toBe(true)
    expect(verify(null, Buffer.from(`${sums} `), publicKey, signature)).toBe(false)
    expect(attachedItems.length).toBeGreaterThan(0)
  })
})

describe('the guides', () => {
  it('S0.20, T13: are five, and every command in them exists', () => {
    expect(guides).toHaveLength(5)
    const program = createProgram()
    for (const line of guides.flatMap(({ commands }) => commands)) {
      const [, name = '', second = ''] = line.split(' ')
      const command = program.commands.find((one) => one.name() === name)
      expect([line, command?.name()]).toEqual([line, name])
      if (command && command.commands.length > 0) expect(command.commands.map((one) => one.name())).toContain(second)
    }
  })
})

describe('two revisions of a kit', () => {
  it('are compared artifact by artifact and line by line, the newest with the one before it when none is named', async () => {
    const { kit, kitPlace, manager } = await makeKitStage()
    await expect(compareKits(manager, { kit: kit.id })).rejects.toMatchObject({ code: 'conflict' })
    await createKit(manager, {
      ...kitPlace,
      runbook: { ...runbook, restore: 'pg_restore into an empty database.\nThen start it.' },
      reason: 'a drill',
    })
    const diff = await compareKits(manager, { kit: kit.id })
    expect([diff.from.revision, diff.to.revision, diff.to.bundle]).toEqual([1, 2, '1.2.0+kit.2'])
    expect(diff.artifacts.map(({ id, added, removed }) => [id, added, removed])).toEqual([
      ['release', 0, 0],
      ['values', 0, 0],
      ['secrets', 0, 0],
      ['runbook', 1, 0],
      ['checklist', 0, 0],
    ])
    expect(diff.artifacts[3]?.hunks[0]?.lines).toContainEqual({ sign: '+', text: 'Then start it.' })
    expect((await compareKits(manager, { kit: kit.id, from: 2, to: 1 })).artifacts[3]).toMatchObject({ added: 0, removed: 1 })
    await expect(compareKits(manager, { kit: kit.id, from: 9 })).rejects.toMatchObject({ code: 'not_found' })
    const stranger = await actAs(await makeTenant(), 'release_manager')
    await expect(compareKits(stranger, { kit: kit.id, from: 1, to: 2 })).rejects.toMatchObject({ code: 'not_found' })
  })
})
