import { approvedEarlierFact } from '#lib/promotions/gates/approvals'
import { describe, expect, it } from 'vitest'
import type { Role } from '#lib/access/permissions'
import { sealAll } from '#lib/audit/commands/start-sequencer'
import { flushDenials, mostDenialsPerMinute, recordDenial } from '#lib/audit/commands/record-denial'
import { parseCsv } from '#lib/audit/csv'
import { exportFromCsv, isCsvExport } from '#lib/audit/export-from-csv'
import { entryContentSchema } from '#lib/audit/entry'
import { exportCsv } from '#lib/audit/queries/export-csv'
import { verifyExport } from '#lib/audit/verify-export'
import { exportChanges } from '#lib/kits/commands/export-changes'
import { exportChangesInput, type ChangeFacts } from '#lib/kits/desk'
import { dutyConflicts } from '#lib/kits/duties'
import { exceptionsOf, fewApprovers } from '#lib/kits/exceptions'
import { getDesk } from '#lib/kits/queries/get-desk'
import { getDossier } from '#lib/kits/queries/get-dossier'
import { verifyChanges } from '#lib/kits/verify-changes'
import { sha256Hex } from '#lib/platform/canonical-json'
import { createContext } from '#lib/platform/context'
import { Refusal } from '#lib/platform/refusal'
import { approvePromotion } from '#lib/promotions/commands/approve-promotion'
import { createFreeze } from '#lib/promotions/commands/create-freeze'
import { grantWaiver } from '#lib/promotions/commands/grant-waiver'
import { requestPromotion } from '#lib/promotions/commands/request-promotion'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform, makeApplication, makePerson, makeTenant } from '#lib/testing/factories'
import { attachedItems, makeChecklistStage } from '#lib/testing/checklists'
import { completeRollout } from '#lib/testing/promotions'
import { makeRelease } from '#lib/testing/releases'

useTestDatabase()

/** A year in the life of prod: a release that went the whole way, one past a waived gate that failed, and a rollback through a freeze. */
async function makeHistory() {
  const tenant = await makeTenant()
  const application = await makeApplication(tenant)
  const person = (name: string, ...roles: Role[]) => makePerson({ tenant, roles, name }).then((actor) => createContext({ tenant, actor }))
  const developer = await person('Dana', 'developer')
  const manager = await person('Max', 'release_manager')
  const approver = await person('Ann', 'approver')
  const auditor = await person('Audrey', 'auditor')
  await makeRelease(tenant, application, 'v1.0.0', { uploadedBy: developer.actor.kind === 'person' ? developer.actor.id : '' })
  await makeRelease(tenant, application, 'v1.1.0', { uploadedBy: manager.actor.kind === 'person' ? manager.actor.id : '' })
  const lift = async (environment: string, release: string, more: Record<string, unknown> = {}) => {
    const asked = await requestPromotion(manager, { application: application.slug, environment, release, ...more })
    if (asked.state === 'requested') await approvePromotion(approver, { promotion: asked.id, planDigest: asked.planDigest })
    return asked.id
  }
  for (const environment of ['dev', 'staging', 'prod']) await completeRollout(manager, await lift(environment, 'v1.0.0'))
  await completeRollout(manager, await lift('dev', 'v1.1.0'))
  const endsAt = new Date(Date.now() + 86_400_000).toISOString()
  for (const gate of ['order', 'source-health']) {
    await grantWaiver(approver, { application: application.slug, environment: 'prod', gate, reason: '=HYPERLINK("http://x.test")', endsAt })
  }
  const failed = await lift('prod', 'v1.1.0', { reason: '=cmd|calc, "quoted"\nand a second line' })
  await completeRollout(manager, failed, { state: 'failed' })
  await completeRollout(manager, await lift('prod', 'v1.1.0'))
  await createFreeze(manager, { environment: 'prod', reason: 'year end' })
  const back = await requestPromotion(manager, {
    application: application.slug,
    environment: 'prod',
    kind: 'rollback',
    release: 'v1.0.0',
    reason: 'errors',
  })
  await completeRollout(manager, back.id)
  return { tenant, application, manager, approver, auditor, failed }
}

const codesOf = (change: { exceptions: { code: string }[] } | undefined) => change?.exceptions.map(({ code }) => code).toSorted()
const textOf = async (lines: AsyncIterable<string>): Promise<string> => {
  let text = ''
  for await (const line of lines) text += line
  return text
}

describe("the auditor's desk", () => {
  it('S0.7: shows what reached production in a period, exceptions first, with who held which duty', async () => {
    const { auditor, approver, manager, failed, application } = await makeHistory()
    const desk = await getDesk(auditor, {})
    expect(desk.environments.map(({ slug }) => slug)).toEqual(['prod'])
    expect(desk.changes.map(({ kind, state }) => [kind, state])).toEqual([
      ['rollback', 'completed'],
      ['promote', 'completed'],
      ['promote', 'failed'],
      ['promote', 'completed'],
    ])
    const [rollback, , second, first] = desk.changes
    expect(first).toMatchObject({
      uploadedBy: [{ name: 'Dana' }],
      requestedBy: { name: 'Max' },
      approvals: [{ by: { name: 'Ann' }, meaning: expect.any(String) }],
      deployedBy: { name: 'Ann' },
      conflicts: [],
    })
    expect(codesOf(first)).toEqual(['warned_gate'])
    expect(codesOf(second)).toEqual(['failed_verification', 'not_completed', 'two_duties', 'waived_gate', 'waived_gate', 'warned_gate'])
    expect(second?.conflicts).toMatchObject([{ person: { name: 'Max' }, duties: ['uploaded', 'requested'] }])
    expect(codesOf(rollback)).toEqual(['no_approval', 'rollback_in_freeze', 'two_duties'])
    expect(desk.counts).toMatchObject({ changes: 4, withExceptions: 4, rollbacks: 1, notCompleted: 1, breaches: 0 })
    const gravity = desk.exceptions.map(({ severity }) => ['breach', 'exception', 'notice'].indexOf(severity))
    expect(gravity).toEqual(gravity.toSorted())
    expect((await getDesk(auditor, { environment: 'dev' })).changes.map(({ release }) => release)).toEqual(['v1.1.0', 'v1.0.0'])
    expect((await getDesk(auditor, { to: new Date(Date.now() - 3_600_000).toISOString() })).changes).toEqual([])
    expect((await getDesk(auditor, { application: application.slug, pageSize: 1, page: 3 })).changes.map(({ id }) => id)).toEqual([failed])
    for (const other of [manager, approver]) await expect(getDesk(other, {})).rejects.toMatchObject({ code: 'forbidden' })
    await expect(getDesk(auditor, { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('tells of refused attempts, and of a log that was tampered with, before everything else', async () => {
    const { tenant, auditor } = await makeHistory()
    await expect(getDesk(auditor, { environment: 'none' })).rejects.toMatchObject({ code: 'not_found' })
    await asPlatform(async (tx) => {
      await tx.auditLogState.upsert({
        where: { log: tenant.id },
        create: { log: tenant.id },
        update: {},
      })
      const findings = JSON.stringify([{ code: 'edited', seq: 3, entryId: 'x', words: 'The text of entry x at place 3 is not what was hashed.' }])
      await tx.auditLogState.update({ where: { log: tenant.id }, data: { findings, sweptAt: new Date() } })
    })
    const desk = await getDesk(auditor, {})
    expect(desk.exceptions[0]).toMatchObject({ code: 'log_tampered', severity: 'breach', words: expect.stringContaining('place 3') })
    expect(desk.counts.breaches).toBe(1)
  })

  it('counts every refused attempt by who and what, listed or counted, and says which entries to look at', async () => {
    const { manager, auditor, application } = await makeHistory()
    const action = 'POST /api/v1/tenants/{tenant}/freezes'
    const times = mostDenialsPerMinute + 7
    for (let attempt = 0; attempt < times; attempt += 1) {
      await recordDenial(auditor, { action, subject: { kind: 'route', id: action }, refusal: new Refusal('forbidden', 'Only an SRE may.') })
    }
    await flushDenials()
    const { counts, exceptions } = await getDesk(auditor, { application: application.slug })
    expect(counts.denied).toBe(times)
    expect(exceptions.filter(({ code }) => code === 'denied')).toMatchObject([
      { words: `Audrey was refused ${times} times: set a freeze.`, denial: { actor: expect.any(String), action } },
    ])
    expect(
      (await getDesk(auditor, { from: new Date(Date.now() + 60_000).toISOString(), to: new Date(Date.now() + 120_000).toISOString() })).counts.denied,
    ).toBe(0)
    await expect(getDesk(manager, {})).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('another tenant sees nothing of it', async () => {
    await makeHistory()
    const stranger = await actAs(await makeTenant(), 'auditor')
    expect(await getDesk(stranger, {})).toMatchObject({ changes: [], counts: { changes: 0, denied: 0 } })
  })
})

describe('the dossier of a release', () => {
  it('has its seal, every change with approvals and gates, and each entry with a proof under one signed head', async () => {
    const { auditor, application, manager } = await makeHistory()
    await sealAll()
    const dossier = await getDossier(auditor, { application: application.slug, release: 'v1.0.0' })
    expect(dossier.changes.map(({ environment, kind }) => `${kind} ${environment.slug}`)).toEqual([
      'deploy dev',
      'promote staging',
      'promote prod',
      'rollback prod',
    ])
    expect(dossier.release.components[0]?.seal.artifactDigest).toMatch(/^sha256:/)
    expect(dossier.log.entries.length).toBeGreaterThanOrEqual(13)
    expect(dossier.stays.map(({ environment, until }) => [environment.slug, until !== null])).toEqual([
      ['dev', true],
      ['staging', false],
      ['prod', true],
      ['prod', false],
    ])
    expect(dossier.log.entries.every(({ proof, seq }) => proof !== null && seq !== null)).toBe(true)
    expect(dossier.log.head?.checkpoint.note).toContain(auditor.tenant.id)
    await expect(getDossier(manager, { application: application.slug, release: 'v1.0.0' })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(getDossier(auditor, { application: application.slug, release: 'v9.9.9' })).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('the checklists of a dossier', () => {
  it('S0.7: are all items and checks in each environment, every sign-off with whether it still counts, and their entries in the log', async () => {
    const stage = await makeChecklistStage()
    const auditor = await actAs(stage.tenant, 'auditor')
    const look = () => getDossier(auditor, { application: stage.application.slug, release: 'v1.2.0' })
    expect((await look()).checklists).toMatchObject([{ environment: { slug: 'dev' }, isRunning: true, isComplete: false, signOff: null }])
    await stage.attachAll()
    await stage.sign()
    await sealAll()
    const signed = await look()
    const [checklist] = signed.checklists
    expect(checklist?.items.map(({ kind }) => kind).toSorted()).toEqual([...Array<string>(7).fill('check'), ...Array<string>(7).fill('evidence')])
    expect(checklist).toMatchObject({ isComplete: true, settled: 14, signOff: { state: 'valid', meaning: expect.any(String) }, earlierSignOffs: [] })
    const said = signed.log.entries.map(({ content }) => entryContentSchema.parse(JSON.parse(content)).action)
    expect(said.filter((action) => action === 'checklist.signed')).toHaveLength(1)
    expect(said.filter((action) => action === 'evidence.recorded').length).toBeGreaterThanOrEqual(attachedItems.length)
    expect(JSON.stringify(checklist)).not.toContain('"attach":')

    await stage.attach({ control: 'network' })
    expect((await look()).checklists).toMatchObject([{ signOff: { state: 'invalid', reason: expect.any(String) } }])
    await stage.sign()
    expect((await look()).checklists).toMatchObject([{ signOff: { state: 'valid' }, earlierSignOffs: [{ meaning: expect.any(String) }] }])
  })
})

describe('an export', () => {
  it('of changes verifies offline with a key that was kept, and every changed line shows', async () => {
    const { auditor } = await makeHistory()
    await sealAll()
    const text = await textOf(await exportChanges(auditor, exportChangesInput.parse({})))
    const { verifierLine } = JSON.parse(text.split('\n')[0] ?? '') as { verifierLine: string }
    expect(verifyChanges(text, { verifierLine })).toMatchObject({ changes: 4, isOk: true, findings: [], words: '' })
    expect(verifyChanges(text).words).toContain('bring the verifier line')
    const lines = text.split('\n').slice(0, -1)
    const refined = (edit: (line: string, index: number) => string | undefined) =>
      lines.flatMap((line, index) => edit(line, index) ?? []).map((line) => `${line}\n`)
    for (const [index, line] of lines.entries()) {
      if (index === 0 || index === lines.length - 1) continue
      const gone = refined((one, at) => (at === index ? undefined : one)).join('')
      expect(verifyChanges(gone, { verifierLine }).isOk).toBe(false)
      // Somebody who can write the last line too: the entries and their proofs still tell.
      const plan = /"planDigest":"sha256:[0-9a-f]{8}/.exec(line)?.[0] ?? ''
      const changed = reseal(refined((one, at) => (at === index ? one.replace(plan, `${plan.slice(0, -8)}00000000`) : one)))
      expect(verifyChanges(changed, { verifierLine }).findings).toContainEqual(expect.stringContaining('another plan than the log says'))
      const approved = reseal(refined((one, at) => (at === index ? one.replace('promotion.claimed', 'promotion.claimeD') : one)))
      expect(verifyChanges(approved, { verifierLine }).findings).toContainEqual(expect.stringContaining('is not in the log'))
    }
    expect(verifyChanges(text.slice(0, text.length - 30), { verifierLine }).isOk).toBe(false)
    expect(() => verifyChanges('hello')).toThrow(SyntaxError)
  })

  it('as CSV opens in a spreadsheet without running what somebody wrote, and is an entry of the log itself', async () => {
    const { auditor, tenant, manager } = await makeHistory()
    const csv = await textOf(await exportChanges(auditor, exportChangesInput.parse({ format: 'csv' })))
    const records = parseCsv(csv)
    expect(records).toHaveLength(5)
    expect(new Set(records.map(({ length }) => length)).size).toBe(1)
    const reason = records[0]?.indexOf('reason') ?? -1
    expect(records.map((record) => record[reason])).toContain('\'=cmd|calc, "quoted"\nand a second line')
    expect(records.flat().filter((value) => /^\s*[=+\-@]/.test(value))).toEqual([])
    const entry = await asPlatform((tx) => tx.auditEntry.findFirst({ where: { log: tenant.id, action: 'changes.exported' } }))
    expect(JSON.parse(entry?.content ?? '{}')).toMatchObject({ after: { format: 'csv', changes: 4 } })
    await expect(exportChanges(manager, exportChangesInput.parse({}))).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('of the log as CSV verifies with a checkpoint that was kept, and an edited cell is an edited entry', async () => {
    const { auditor, tenant } = await makeHistory()
    await sealAll()
    const csv = await textOf(exportCsv(auditor))
    expect(isCsvExport(csv)).toBe(true)
    const { note } = await asPlatform((tx) => tx.auditCheckpoint.findFirstOrThrow({ where: { log: tenant.id }, orderBy: { size: 'desc' } }))
    const verifierLine = (await getDossier(auditor, { application: (await firstApplication(tenant.id)).slug, release: 'v1.0.0' })).log.head
      ?.verifierLine
    const trusted = { checkpoints: [note], ...(verifierLine === undefined ? {} : { verifierLine }) }
    expect(await verifyExport(exportFromCsv(csv), trusted)).toMatchObject({ isOk: true, completeness: 'proven' })
    const edited = csv.replace(',promotion.approved,', ',promotion.rejected,')
    expect((await verifyExport(exportFromCsv(edited), trusted)).findings).toContainEqual(expect.objectContaining({ code: 'edited' }))
    const cut = csv.split('\r\n').slice(0, -2).join('\r\n')
    expect((await verifyExport(exportFromCsv(`${cut}\r\n`), trusted)).isOk).toBe(false)
  })
})

const firstApplication = (tenantId: string) => asPlatform((tx) => tx.application.findFirstOrThrow({ where: { tenantId } }))

/** The end as whoever changed a line would write it. */
function reseal(lines: string[]): string {
  const before = lines.slice(0, -1).join('')
  const sha256 = sha256Hex(before)
  return `${before}${JSON.stringify({ type: 'end', changes: lines.length - 2, sha256 })}\n`
}

const ordinary: ChangeFacts = {
  id: 'p1',
  kind: 'promote',
  state: 'completed',
  application: { slug: 'orders', name: 'Orders' },
  environment: { slug: 'prod', name: 'Production', isProtected: true },
  release: 'v1.0.0',
  digest: '',
  configRevision: 1,
  planDigest: 'sha256:1',
  reason: '',
  incident: '',
  requestedAt: '2026-01-01T00:00:00.000Z',
  claimedAt: '2026-01-01T00:00:00.000Z',
  settledAt: null,
  outcome: '',
  verification: 'passed',
  uploadedBy: [{ id: 'u', name: 'Dana' }],
  requestedBy: { id: 'r', name: 'Max' },
  approvals: [{ by: { id: 'a', name: 'Ann' }, meaning: 'yes', comment: '', at: '', planDigest: 'sha256:1' }],
  deployedBy: { id: 'a', name: 'Ann' },
  gates: [],
  freezesPassed: 0,
  brokenGlass: [],
  rules: { version: 2, approvals: 1, fourEyes: true, forbidUploader: true, asksApproval: true },
}

describe('the rules of the desk', () => {
  const judged = (more: Partial<ChangeFacts>) => {
    const change = { ...ordinary, ...more }
    return exceptionsOf(change, dutyConflicts(change)).map(({ code, severity }) => `${severity} ${code}`)
  }
  const approval = (id: string, planDigest = 'sha256:1') => ({ by: { id, name: id }, meaning: '', comment: '', at: '', planDigest })

  const approvedEarlier = (id: string): ChangeFacts['gates'][number] => ({
    gate: 'approvals',
    mode: 'block',
    outcome: 'passed',
    reason: '',
    facts: [{ name: approvedEarlierFact, value: id, at: '' }],
    fix: null,
  })

  it('find nothing about what went by the rules', () => expect(judged({})).toEqual([]))

  it.each([
    ['an approval of one’s own request', { approvals: [approval('r')] }, ['breach own_approval', 'exception two_duties']],
    ['an approval of one’s own upload where that is forbidden', { approvals: [approval('u')] }, ['breach own_approval', 'exception two_duties']],
    ['an approval of another plan', { approvals: [approval('a', 'sha256:2')] }, ['breach approval_of_another_plan']],
    ['too few approvals', { rules: { ...ordinary.rules, approvals: 2 } }, ['breach quorum_missed']],
    ['no approval at all', { approvals: [] }, ['breach quorum_missed', 'exception no_approval']],
    [
      'a rollback that stands on earlier approvals',
      { kind: 'rollback' as const, approvals: [], gates: [approvedEarlier('a')] },
      ['exception no_approval'],
    ],
    [
      'a rollback that stands on too few earlier approvals',
      { kind: 'rollback' as const, approvals: [], gates: [approvedEarlier('a')], rules: { ...ordinary.rules, approvals: 2 } },
      ['breach quorum_missed', 'exception no_approval'],
    ],
    ['a promotion that names earlier approvals', { approvals: [], gates: [approvedEarlier('a')] }, ['breach quorum_missed', 'exception no_approval']],
    [
      'a broken glass',
      { approvals: [], brokenGlass: [{ by: { id: 's', name: 'Sam' }, reason: 'outage', at: '' }] },
      ['exception no_approval', 'exception break_glass'],
    ],
    ['a failed verification', { verification: 'failed', state: 'failed' as const }, ['exception failed_verification', 'exception not_completed']],
    ['a request that its requester set going', { deployedBy: { id: 'r', name: 'Max' } }, ['exception two_duties']],
  ])('find %s', (_what, more, codes) => expect(judged(more)).toEqual(codes))

  it('say when the approvals of a period rest on one person, and not before there are three', () => {
    const all = (...ids: string[]) => ids.map((id) => approval(id))
    expect(fewApprovers(all('a', 'a'), '')).toBeUndefined()
    expect(fewApprovers(all('a', 'a', 'a'), '')?.words).toBe('a gave 3 of the 3 approvals of this period.')
    expect(fewApprovers(all('a', 'a', 'b'), '')).toBeUndefined()
  })
})
