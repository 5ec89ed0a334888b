// The three journeys that prove the product: a release manager, an SRE and an auditor, each by the keyboard alone and each on
// an application of their own, so that one that fails leaves the others as they are.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, type Browser, type Page } from '@playwright/test'
import { activate, collect, openPage, press, seeCompleted, signIn, tabTo, type } from './by-keyboard.ts'
import { Api, jars, password } from './caisson.ts'
import { expectFitInBothThemes } from './fit.ts'
import { emails, environments, Stage } from './stage.ts'

interface Items {
  items: { control: string; status: string; evidence: { id: string }[] }[]
}

const pointed: string[] = []
const closing: (() => Promise<void>)[] = []
let stage: Stage

test.beforeAll(async () => {
  test.setTimeout(400_000)
  stage = await Stage.open()
  closing.push(() => stage.close())
})

test.afterAll(async () => {
  test.setTimeout(120_000)
  for (const close of closing) await close()
  expect(pointed).toEqual([])
})

async function opened(browser: Browser, email: string): Promise<Page> {
  const page = await openPage(browser, stage.caisson.url, pointed)
  await signIn(page, email)
  return page
}

/** Presses the one button of the sheet that is open; types the name of a protected environment first. */
async function ask(page: Page, environment: string): Promise<void> {
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByRole('region', { name: 'Gates' })).toBeVisible()
  if (environment === 'prod') {
    await tabTo(page, sheet.getByLabel(/^Type/))
    await type(page, environment)
  }
  await activate(page, sheet.getByRole('button', { name: /^(Ask for approval|Deploy|Promote|Apply|Restart)/ }))
  await expect(page).toHaveURL(/\/promotions\//)
}

async function approveAt(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await activate(page, page.getByRole('button', { name: /^Approve/ }))
  await activate(page, page.getByRole('dialog').getByRole('button', { name: /^Approve/ }))
}

function promotionAt(page: Page): string {
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}

test.describe('a release manager', () => {
  test.describe.configure({ mode: 'serial', timeout: 600_000 })
  let manager: Page
  let other: Page

  test.beforeAll(async ({ browser }) => {
    test.setTimeout(400_000)
    await stage.furnish('orders', 3)
    await stage.admin.upload('orders', 'v1.2.2', jars.older)
    await stage.raise('orders', 'v1.2.2')
    await stage.setGate('prod', 'backup', 'block')
    manager = await opened(browser, emails.admin)
    other = await opened(browser, emails.approver)
  })

  test.afterAll(async () => {
    await stage.setGate('prod', 'backup', 'off')
  })

  test('S2.1, S2.12: uploads v1.2.3, deploys it to dev and promotes it to staging', async () => {
    await manager.goto('/t/main/releases/new?app=orders')
    // The page may still be drawing itself: who presses and sees no chooser presses again.
    await expect(async () => {
      await tabTo(manager, manager.getByLabel('JAR file'))
      const chooser = manager.waitForEvent('filechooser', { timeout: 5000 })
      await press(manager, 'Space')
      await (await chooser).setFiles(jars.newer)
    }).toPass({ timeout: 60_000 })
    await tabTo(manager, manager.getByLabel('Release name'))
    await type(manager, 'v1.2.3')
    await press(manager, 'Enter')
    await activate(manager, manager.getByRole('link', { name: 'Deploy to dev' }))
    await ask(manager, 'dev')
    await seeCompleted(manager)
    await manager.goto('/t/main?sheet=orders/staging/v1.2.3/promote')
    await ask(manager, 'staging')
    await seeCompleted(manager)
  })

  test('S4.19: finds prod closed by the gates, each by its name, and opens it by the proof of a backup', async () => {
    await manager.goto('/t/main?sheet=orders/prod/v1.2.3/promote')
    const sheet = manager.getByRole('dialog')
    const gates = sheet.getByRole('region', { name: 'Gates' })
    const open = gates.getByRole('list', { name: 'Gates that did not pass' }).getByRole('listitem')
    await expect(open.filter({ hasText: /^Backup missing/ })).toContainText('No completed backup holds this tenant.')
    await expect(open.filter({ hasText: /^Approvals waits/ })).toBeVisible()
    for (const gate of ['tier', 'order', 'source health', 'configuration', 'freeze']) {
      await expect(gates.getByText(new RegExp(`5 passed: .*${gate}`))).toBeVisible()
    }
    await expect(sheet.getByRole('button', { name: /backup blocks$/ })).toHaveAttribute('aria-disabled', 'true')
    const request = { application: 'orders', environment: 'prod', release: 'v1.2.3' }
    await expect(stage.admin.send('POST', '/tenants/main/promotions', request)).rejects.toThrow(/: 409 .*gates_blocked/)
    await expectFitInBothThemes(manager)
    await activate(manager, gates.getByRole('link', { name: /^Make a backup/ }))
    await backUp(1)
    await manager.goto('/t/main?sheet=orders/prod/v1.2.3/promote')
    await expect(gates.getByText(/6 passed: .*backup/)).toBeVisible()
    await expect(open.filter({ hasText: /^Backup/ })).toHaveCount(0)
  })

  test('S2.2, S2.13: takes it to prod, where another person approves, as the digest that dev and staging run', async () => {
    await manager.goto('/t/main?sheet=orders/prod/v1.2.3/promote')
    await ask(manager, 'prod')
    await expect(manager.getByRole('button', { name: /^Approve/ })).toHaveAttribute('aria-disabled', 'true')
    await approveAt(other, manager.url())
    await seeCompleted(manager)
    const running = await Promise.all(environments.map((one) => stage.deployment(one, 'orders')))
    const digests = running.flatMap(({ promised, replicas }) => [promised.components[0]?.digest, ...replicas.map(({ digest }) => digest)])
    expect(digests).toHaveLength(3 + 1 + 1 + 3)
    expect(new Set(digests).size).toBe(1)
    await manager.goto('/t/main')
    for (const environment of environments) {
      const cell = manager.getByRole('link', { name: new RegExp(`Orders in ${environment}: v1.2.3`, 'i') }).first()
      await expect(cell.locator('[title^="sha256:"]').first()).toHaveAttribute('title', digests[0] ?? '')
    }
  })

  test('edits the configuration of prod and applies it, one replica after another, and nothing is built', async () => {
    const before = await stage.deployment('prod', 'orders')
    const built = await allThatWasBuilt()
    await manager.goto('/t/main/configuration?app=orders&env=prod')
    await activate(manager, manager.getByRole('button', { name: 'Add a variable' }))
    await tabTo(manager, manager.getByLabel('Key of a variable'))
    await type(manager, 'GREETING')
    await tabTo(manager, manager.getByLabel('Value of GREETING'))
    await type(manager, 'hello')
    await activate(manager, manager.getByRole('button', { name: /^Save as r/ }))
    // What runs in prod is younger than the backup: it needs another one.
    await manager.goto('/t/main/settings/backups')
    await backUp(2)
    await manager.goto('/t/main/configuration?app=orders&env=prod')
    await activate(manager, manager.getByRole('link', { name: 'Apply…' }))
    await expect(manager, 'the sheet opens over the page').toHaveURL(/\/configuration\?.*sheet=/)
    await ask(manager, 'prod')
    const seen = await collect(manager, /\d of 3 new replicas ready/g)
    await approveAt(other, manager.url())
    await seeCompleted(manager)
    expect(await seen()).toEqual([0, 1, 2, 3].map((ready) => `${ready} of 3 new replicas ready`))
    const { steps } = await stage.rollout(promotionAt(manager))
    expect(steps.map(({ act, state }) => `${act} ${state}`)).toEqual(['start', 'stop', 'start', 'stop', 'start', 'stop'].map((act) => `${act} done`))
    const after = await stage.deployment('prod', 'orders')
    expect(after.promised.components).toEqual(before.promised.components)
    expect(after.promised.configRevision).toBe(before.promised.configRevision + 1)
    expect(after.replicas.filter(({ id }) => before.replicas.some((one) => one.id === id))).toEqual([])
    expect(await allThatWasBuilt()).toEqual(built)
  })

  /** Presses the button of the page of backups, and waits until so many are complete. */
  async function backUp(complete: number): Promise<void> {
    await activate(manager, manager.getByRole('button', { name: 'Back up now' }))
    const backups = manager.getByRole('table', { name: /^Backups of the installation/ })
    await expect(backups.getByText('completed')).toHaveCount(complete, { timeout: 60_000 })
  }

  /** Images with how often each was built, and manifests of the registry. */
  async function allThatWasBuilt(): Promise<object[]> {
    return [
      ...(await stage.bySuperuser('select digest, build_count from image order by digest')),
      ...(await stage.bySuperuser('select repository_id, digest from manifest order by repository_id, digest')),
    ]
  }
})

test.describe('an SRE', () => {
  test.describe.configure({ mode: 'serial', timeout: 600_000 })
  let sre: Page

  test.beforeAll(async ({ browser }) => {
    test.setTimeout(400_000)
    await stage.furnish('billing', 2)
    for (const [release, jar] of [
      ['v1.0.0', jars.older],
      ['v1.1.0', jars.newer],
    ] as const) {
      await stage.admin.upload('billing', release, jar)
      await stage.raise('billing', release)
    }
    sre = await opened(browser, emails.sre)
  })

  test('sees prod degrade, by the board, by its page and by the readiness of its replicas', async () => {
    const [first] = (await stage.deployment('prod', 'billing')).replicas
    stage.hang(first?.id ?? '')
    await expect(sre.getByRole('link', { name: /Billing in prod: v1\.1\.0/i }).first()).toContainText('1/2 degraded', { timeout: 60_000 })
    await sre.goto('/t/main/environments/prod?app=billing')
    await expect(sre.getByText('1/2 degraded').first()).toBeVisible()
    await sre.goto('/t/main/readiness?env=prod&app=billing')
    const card = sre.getByRole('region', { name: 'billing in prod' })
    await expect(card.getByText('1/2 degraded').first()).toBeVisible()
    const row = card.getByRole('table', { name: /^Replicas of billing/ }).getByRole('row', { name: new RegExp(first?.id ?? 'none') })
    await expect(row).toContainText('not ready')
    expect(await stage.deployment('prod', 'billing')).toMatchObject({ state: 'degraded', readyReplicas: 1, wantedReplicas: 2 })
    await expectFitInBothThemes(sre)
  })

  test('S2.14, S4.23: rolls it back for a reason and an incident, within the target, and lifts the hold by name', async () => {
    await sre.goto('/t/main/rollback?app=billing&env=prod')
    await tabTo(sre, sre.getByLabel('Reason'))
    await type(sre, 'One of its replicas hangs.')
    await tabTo(sre, sre.getByLabel('Incident'))
    await type(sre, 'INC-7')
    await tabTo(sre, sre.getByLabel(/^Type/))
    await type(sre, 'prod')
    await activate(sre, sre.getByRole('button', { name: 'Roll back prod to v1.0.0' }))
    await seeCompleted(sre)
    const steps = sre.getByRole('list', { name: 'Steps of the rollback' }).getByRole('listitem')
    await expect(steps).toHaveText([/^1\. Stop/, /^2\. Previous release/, /^3\. Restore/, /^4\. Start/, /^5\. Verify done/])
    await expect(sre.getByText('within the target')).toBeVisible()
    await expect(sre.getByText('INC-7').first()).toBeVisible()
    await expectFitInBothThemes(sre)
    const { recovery } = await stage.rollout(promotionAt(sre))
    expect(recovery?.recoveryMs).toBeLessThanOrEqual(recovery?.targetMs ?? 0)
    expect(await stage.deployment('prod', 'billing')).toMatchObject({ state: 'ready', promised: { release: 'v1.0.0' } })
    await expect(stage.ask('billing', 'prod', 'v1.1.0')).rejects.toThrow(/: 409 .*held/)
    await sre.goto('/t/main/freezes')
    await activate(sre, sre.getByRole('button', { name: 'Lift the hold of billing in prod' }))
    await tabTo(sre, sre.getByLabel('Why it may go on'))
    await type(sre, 'The cause is known.')
    await activate(sre, sre.getByRole('dialog').getByRole('button', { name: 'Lift the hold' }))
    await expect(sre.getByText('Nothing is held')).toBeVisible()
    await tabTo(sre, sre.getByLabel('Show what is over as well'))
    await press(sre, 'Space')
    await expect(sre.getByText(/by sre: The cause is known\./)).toBeVisible()
    await sre.goto('/t/main/environments/prod/timeline?app=billing')
    await expect(sre.getByText(/One of its replicas hangs\./).first()).toBeVisible()
    await expect(sre.getByText(/The cause is known\./).first()).toBeVisible()
  })

  test('S4.33: restarts prod, and a worker that is killed in the middle of it is followed by another one', async () => {
    const before = await stage.deployment('prod', 'billing')
    await sre.goto('/t/main?sheet=billing/prod//restart')
    await ask(sre, 'prod')
    const promotion = promotionAt(sre)
    const started = async () => (await stage.rollout(promotion)).steps.filter(({ effectAt }) => effectAt !== null).length
    await expect.poll(started, { intervals: [100], timeout: 60_000 }).toBeGreaterThan(0)
    stage.killWorker()
    await expect(sre.getByText(/^attempt 2 of/)).toBeVisible({ timeout: 120_000 })
    await seeCompleted(sre)
    const { attempts, steps } = await stage.rollout(promotion)
    expect(attempts).toBe(2)
    expect(steps.map(({ act, state }) => `${act} ${state}`)).toEqual(['start done', 'stop done', 'start done', 'stop done'])
    const { replicas, state } = await stage.deployment('prod', 'billing')
    expect(state).toBe('ready')
    expect(replicas.map(({ id }) => id).toSorted()).toEqual(steps.flatMap(({ act, replicaId }) => (act === 'start' ? [replicaId] : [])).toSorted())
    expect(replicas.filter(({ id }) => before.replicas.some((one) => one.id === id))).toEqual([])
  })

  test('S3.3, S3.5: sees in which order components start, and that one waits for another that does not get ready', async () => {
    await stage.furnish('stack', 1, { path: '/nothing-is-here', startPeriodMs: 3000 })
    await stage.admin.upload('stack', 'v1.0.0', jars.older)
    // No upload brings a second component yet; what it would write is written here.
    await stage.bySuperuser(`insert into component (id, tenant_id, application_id, name, spec)
      select 'component-web', tenant_id, id, 'web', '{}' from application where slug = 'stack'`)
    await stage.bySuperuser(`insert into release_component (release_id, tenant_id, component, image_id, digest, spec)
      select c.release_id, c.tenant_id, 'web', c.image_id, c.digest,
        jsonb_set(c.spec::jsonb, '{dependsOn}', '[{"component": "app", "condition": "healthy"}]')::text
      from release_component c join release r on r.id = c.release_id join application a on a.id = r.application_id where a.slug = 'stack'`)
    const promotion = await stage.ask('stack', 'dev', 'v1.0.0')
    await sre.goto('/t/main/readiness?env=dev&app=stack')
    const rows = sre.getByRole('region', { name: 'stack in dev' }).getByRole('table', { name: 'Components in start order' }).getByRole('row')
    await expect(rows.nth(2)).toContainText('waiting', { timeout: 60_000 })
    await expect(rows.nth(2)).toContainText('Waiting for app (to be healthy).')
    await expect(rows.nth(1)).toContainText(/1st\s*app/)
    await expect(rows.nth(2)).toContainText(/2nd\s*web/)
    await expect.poll(() => stage.stateOf(promotion), { timeout: 120_000 }).toBe('failed')
    await expect(sre.getByText('Deploy failed: deploy of stack v1.0.0')).toBeVisible()
    await expectFitInBothThemes(sre)
  })
})

test.describe('an auditor', () => {
  test.describe.configure({ mode: 'serial', timeout: 600_000 })
  const checklist = '/tenants/main/checklists/ledger/prod/v1.0.0'
  const itsPage = '/t/main/evidence/ledger/prod/v1.0.0'
  let auditor: Page
  let owner: Page
  let kit: string

  test.beforeAll(async ({ browser }) => {
    test.setTimeout(400_000)
    await stage.furnish('ledger', 1)
    await stage.admin.upload('ledger', 'v1.0.0', jars.older)
    await stage.raise('ledger', 'v1.0.0')
    kit = (await stage.admin.send<{ id: string }>('POST', '/tenants/main/kits', { application: 'ledger', environment: 'prod', runbook: {} })).id
    auditor = await opened(browser, emails.auditor)
    owner = await opened(browser, emails.owner)
  })

  test('S0.7: relies on an owner who signs the checklist of what runs, with the password typed anew', async () => {
    const { items } = await stage.admin.send<Items>('GET', checklist)
    const endsAt = new Date(Date.now() + 86_400_000).toISOString()
    for (const { control, status } of items) {
      if (control === 'owner-sign-off' || status === 'pass' || status === 'not_applicable') continue
      const waiver = { application: 'ledger', environment: 'prod', gate: `evidence:${control}`, reason: 'Known and accepted for a day.', endsAt }
      await stage.approver.send('POST', '/tenants/main/waivers', waiver)
    }
    await stage.bySuperuser("update session set authenticated_at = now() - interval '1 hour'")
    await owner.goto(itsPage)
    await activate(owner, owner.getByRole('button', { name: 'Sign the checklist' }))
    await activate(owner, owner.getByRole('dialog').getByRole('button', { name: 'Sign this text' }))
    await expect(owner.getByLabel('Password')).toBeFocused()
    await type(owner, password)
    await press(owner, 'Enter')
    await expect(owner.getByText(/^signed by owner/)).toBeVisible()
  })

  test('S0.7, S0.13: reads seven items, seven checks and seven stages, and can neither sign nor promote', async () => {
    await auditor.goto(itsPage)
    for (const name of ['Evidence', 'Checks']) {
      await expect(auditor.getByRole('region', { name, exact: true }).getByRole('heading', { level: 3 })).toHaveCount(7)
    }
    await expect(auditor.getByText('signed', { exact: true }).first()).toBeVisible()
    await expect(auditor.getByRole('button', { name: 'Sign the checklist' })).toHaveCount(0)
    await auditor.goto(`/t/main/kits/${kit}`)
    await expect(auditor.getByRole('region', { name: 'Stages' }).getByRole('heading', { level: 3 })).toHaveCount(7)
    await expect(auditor.getByRole('button', { name: /^(Done|New revision|Take over)/ })).toHaveCount(0)
    await auditor.goto('/t/main?sheet=ledger/prod/v1.0.0/promote')
    await expect(auditor.getByRole('dialog').getByRole('region', { name: 'Gates' })).toBeVisible()
    await expect(auditor.getByRole('dialog').getByRole('button', { name: /^(Promote|Ask)/ })).toHaveCount(0)
    const reader = await Api.signIn(stage.caisson.url, emails.auditor)
    const promotion = { application: 'ledger', environment: 'dev', release: 'v1.0.0' }
    await expect(reader.send('POST', '/tenants/main/promotions', promotion)).rejects.toThrow(': 403 ')
    const signature = { meaning: 'Mine.', preparedAt: new Date().toISOString(), statementDigest: `sha256:${'0'.repeat(64)}` }
    await expect(reader.send('POST', `${checklist}/sign-offs`, signature)).rejects.toThrow(': 403 ')
  })

  /** Presses what exports, keeps what comes, and has it verified by somebody who has nothing else. */
  async function exportAndVerify(link: string, file: string): Promise<{ status: number | null; output: string }> {
    const download = auditor.waitForEvent('download')
    await activate(auditor, auditor.getByRole('link', { name: link }))
    const path = join(stage.folder, file)
    await (await download).saveAs(path)
    expect(readFileSync(path, 'utf8')).toContain('ledger')
    return stage.verify(path)
  }

  test('verifies the log, and takes it and the changes along in forms that anybody can verify', async () => {
    await auditor.goto('/t/main/desk?app=ledger')
    await exportAndVerify('Export CSV', 'changes.csv')
    expect(await exportAndVerify('Export JSONL', 'changes.jsonl')).toMatchObject({ status: 0, output: expect.stringMatching(/^✓ .* changes with/) })
    await auditor.goto('/t/main/audit')
    await activate(auditor, auditor.getByRole('button', { name: 'Verify now' }))
    await expect(auditor.getByText(/entries intact, in/)).toBeVisible()
    expect(await exportAndVerify('Export as JSONL', 'log.jsonl')).toMatchObject({
      status: 0,
      output: expect.stringMatching(/^✓ .* entries verified/),
    })
  })

  test('sees at once that somebody touched the log, and what no longer counts', async () => {
    const { items } = await stage.admin.send<Items>('GET', checklist)
    const evidence = items.find(({ control }) => control === 'readiness-output')?.evidence[0]?.id
    await stage.bySuperuser(
      `update audit_entry set content = replace(content, '"outcome":"done"', '"outcome":"denied"') where subject = 'evidence:${evidence}'`,
    )
    await auditor.goto('/t/main/audit')
    await activate(auditor, auditor.getByRole('button', { name: 'Verify now' }))
    await expect(auditor.getByRole('alert').filter({ hasText: 'The log is not what was sealed' })).toBeVisible()
    await expectFitInBothThemes(auditor)
    expect(await exportAndVerify('Export as JSONL', 'touched.jsonl')).toMatchObject({
      status: 1,
      output: expect.stringMatching(/edited: The text of entry/),
    })
    await auditor.goto(itsPage)
    await expect(auditor.getByRole('alert').filter({ hasText: 'This evidence is at risk' })).toBeVisible()
    await expect(auditor.getByText('signed, evidence at risk').first()).toBeVisible()
    await expectFitInBothThemes(auditor)
  })
})
