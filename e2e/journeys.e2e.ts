// The three journeys that prove the product: a release manager, an auditor and an SRE, each by the keyboard alone and each on
// an application of their own, so that one that fails leaves the others as they are.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, type Browser, type Page } from '@playwright/test'
import pg from 'pg'
import { embeddedUrl } from '#lib/platform/postgres/embedded'
import { activate, openPage, press, seeCompleted, signIn, tabTo, type } from './by-keyboard.ts'
import { addPerson, adminEmail, Api, jars, password, startCaisson, type Caisson } from './caisson.ts'

interface Running {
  replicas: { id: string; digest: string }[]
  promised: { release: string; configRevision: number; components: { digest: string }[] }
}
interface Items {
  items: { control: string; status: string; evidence: { id: string }[] }[]
}

const approverEmail = 'approver@northwind.test'
const emails = { sre: 'sre@northwind.test', owner: 'owner@northwind.test', auditor: 'auditor@northwind.test' }
const environments = ['dev', 'staging', 'prod'] as const
const pointed: string[] = []
let caisson: Caisson
let admin: Api
let approver: Api

test.beforeAll(async () => {
  test.setTimeout(400_000)
  caisson = await startCaisson()
  admin = await Api.signIn(caisson.url, adminEmail)
  await addPerson(caisson.url, admin, approverEmail, ['approver'])
  await addPerson(caisson.url, admin, emails.sre, ['sre'])
  await addPerson(caisson.url, admin, emails.owner, ['evidence_owner'])
  await addPerson(caisson.url, admin, emails.auditor, ['auditor'])
  approver = await Api.signIn(caisson.url, approverEmail)
})

test.afterAll(async () => {
  test.setTimeout(120_000)
  await caisson.stop()
  expect(pointed).toEqual([])
})

async function opened(browser: Browser, email: string): Promise<Page> {
  const page = await openPage(browser, caisson.url, pointed)
  await signIn(page, email)
  return page
}

/** Takes a release through every environment, approved by another person where that is asked for. */
async function raise(application: string, release: string): Promise<void> {
  for (const environment of environments) {
    const asked = await admin.send<{ id: string; planDigest: string }>('POST', '/tenants/main/promotions', { application, environment, release })
    const path = `/tenants/main/promotions/${asked.id}`
    if (environment === 'prod') await approver.send('POST', `${path}/approvals`, { planDigest: asked.planDigest })
    await expect.poll(async () => (await admin.send<{ state: string }>('GET', path)).state, { timeout: 120_000 }).toBe('completed')
  }
}

async function runningIn(environment: string, application: string): Promise<Running> {
  const { items } = await admin.send<{ items: (Running & { application: { slug: string } })[] }>(
    'GET',
    `/tenants/main/environments/${environment}/deployments`,
  )
  const found = items.find((one) => one.application.slug === application)
  if (!found) throw new Error(`${application} does not run in ${environment}`)
  return found
}

/** As somebody with every right on the database, whom no trigger holds. */
async function asSuperuser(sql: string): Promise<void> {
  const url = embeddedUrl(join(caisson.dataDir, 'postgres'), join(caisson.dataDir, 'postgres.port'))
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query("set session_replication_role = 'replica'")
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** Presses the one button of the sheet that is open; types the name of a protected environment first. */
async function ask(page: Page, environment: string): Promise<void> {
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByRole('region', { name: 'Gates' })).toBeVisible()
  if (environment === 'prod') {
    await tabTo(page, sheet.getByLabel(/^Type/))
    await type(page, environment)
  }
  await activate(page, sheet.getByRole('button', { name: /^(Ask for approval|Deploy|Promote|Apply)/ }))
  await expect(page).toHaveURL(/\/promotions\//)
}

async function approveAt(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await activate(page, page.getByRole('button', { name: /^Approve/ }))
  await activate(page, page.getByRole('dialog').getByRole('button', { name: /^Approve/ }))
}

test.describe('a release manager', () => {
  test.describe.configure({ mode: 'serial' })
  let manager: Page
  let other: Page

  test.beforeAll(async ({ browser }) => {
    await admin.send('POST', '/tenants/main/applications', { slug: 'orders', name: 'Orders' })
    manager = await opened(browser, adminEmail)
    other = await opened(browser, approverEmail)
  })

  test('S2.2, S2.13: takes v1.2.3 to prod, where another person approves, as one digest', async () => {
    await manager.goto('/t/main/releases/new?app=orders')
    await tabTo(manager, manager.getByLabel('JAR file'))
    const chooser = manager.waitForEvent('filechooser')
    await press(manager, 'Space')
    await (await chooser).setFiles(jars.newer)
    await tabTo(manager, manager.getByLabel('Release name'))
    await type(manager, 'v1.2.3')
    await press(manager, 'Enter')
    await activate(manager, manager.getByRole('link', { name: 'Deploy to dev' }))
    await ask(manager, 'dev')
    await seeCompleted(manager)
    await manager.goto('/t/main?sheet=orders/staging/v1.2.3/promote')
    await ask(manager, 'staging')
    await seeCompleted(manager)
    await manager.goto('/t/main?sheet=orders/prod/v1.2.3/promote')
    await ask(manager, 'prod')
    await expect(manager.getByRole('button', { name: /^Approve/ })).toHaveAttribute('aria-disabled', 'true')
    await approveAt(other, manager.url())
    await seeCompleted(manager)
    const digests = await Promise.all(environments.map(async (one) => (await runningIn(one, 'orders')).promised.components[0]?.digest))
    expect(new Set(digests).size).toBe(1)
    await manager.goto('/t/main')
    for (const environment of environments) {
      await expect(manager.getByRole('link', { name: new RegExp(`Orders in ${environment}: v1.2.3`, 'i') }).first()).toBeVisible()
    }
  })

  test('S4.27: edits the configuration of prod and applies it: another revision, the same digest', async () => {
    const before = await runningIn('prod', 'orders')
    await manager.goto('/t/main/configuration?app=orders&env=prod')
    await activate(manager, manager.getByRole('button', { name: 'Add a variable' }))
    await tabTo(manager, manager.getByLabel('Key of a variable'))
    await type(manager, 'GREETING')
    await tabTo(manager, manager.getByLabel('Value of GREETING'))
    await type(manager, 'hello')
    await activate(manager, manager.getByRole('button', { name: /^Save as r/ }))
    await activate(manager, manager.getByRole('link', { name: 'Apply…' }))
    await ask(manager, 'prod')
    await approveAt(other, manager.url())
    await seeCompleted(manager)
    const after = await runningIn('prod', 'orders')
    expect(after.promised.components).toEqual(before.promised.components)
    expect(after.promised.configRevision).toBeGreaterThan(before.promised.configRevision)
    expect(after.replicas.map(({ id }) => id)).not.toEqual(before.replicas.map(({ id }) => id))
  })
})

test.describe('an SRE', () => {
  test.describe.configure({ mode: 'serial' })
  let sre: Page
  let owner: Page

  test.beforeAll(async ({ browser }) => {
    test.setTimeout(400_000)
    await admin.send('POST', '/tenants/main/applications', { slug: 'billing', name: 'Billing' })
    await admin.upload('billing', 'v1.0.0', jars.older)
    await admin.upload('billing', 'v1.1.0', jars.newer)
    await raise('billing', 'v1.0.0')
    await raise('billing', 'v1.1.0')
    sre = await opened(browser, emails.sre)
    owner = await opened(browser, emails.owner)
  })

  test('S2.14, S4.33: sees prod fail, rolls it back by the clock, and lifts the hold by name', async () => {
    await killReplicas((await runningIn('prod', 'billing')).replicas.map(({ id }) => id))
    await sre.goto('/t/main/environments/prod?app=billing')
    await expect(sre.getByText(/0\/1 (degraded|not ready)/).first()).toBeVisible({ timeout: 60_000 })
    await sre.goto('/t/main/rollback?app=billing&env=prod')
    await tabTo(sre, sre.getByLabel('Reason'))
    await type(sre, 'Its replica is gone.')
    await tabTo(sre, sre.getByLabel('Incident'))
    await type(sre, 'INC-7')
    await tabTo(sre, sre.getByLabel(/^Type/))
    await type(sre, 'prod')
    await activate(sre, sre.getByRole('button', { name: 'Roll back prod to v1.0.0' }))
    await seeCompleted(sre)
    await expect(sre.getByRole('list', { name: 'Steps of the rollback' }).getByRole('listitem')).toHaveCount(5)
    await expect(sre.getByText('within the target')).toBeVisible()
    await sre.goto('/t/main/freezes')
    await activate(sre, sre.getByRole('button', { name: 'Lift the hold of billing in prod' }))
    await tabTo(sre, sre.getByLabel('Why it may go on'))
    await type(sre, 'The cause is known.')
    await activate(sre, sre.getByRole('dialog').getByRole('button', { name: 'Lift the hold' }))
    await expect(sre.getByText('The cause is known.').first()).toBeVisible()
    await sre.goto('/t/main/environments/prod/timeline?app=billing')
    await expect(sre.getByText('Its replica is gone.').first()).toBeVisible()
    await expect(sre.getByText('The cause is known.').first()).toBeVisible()
  })

  test('S0.7: the owner signs the checklist of what runs again, with the password typed anew', async () => {
    const checklist = '/tenants/main/checklists/billing/prod/v1.0.0'
    const { items } = await admin.send<Items>('GET', checklist)
    const endsAt = new Date(Date.now() + 86_400_000).toISOString()
    for (const { control, status } of items) {
      if (control === 'owner-sign-off' || status === 'pass' || status === 'not_applicable') continue
      const waiver = { application: 'billing', environment: 'prod', gate: `evidence:${control}`, reason: 'Known and accepted for a day.', endsAt }
      await approver.send('POST', '/tenants/main/waivers', waiver)
    }
    await asSuperuser("update session set authenticated_at = now() - interval '1 hour'")
    await owner.goto('/t/main/evidence/billing/prod/v1.0.0')
    await activate(owner, owner.getByRole('button', { name: 'Sign the checklist' }))
    await activate(owner, owner.getByRole('dialog').getByRole('button', { name: 'Sign this text' }))
    await expect(owner.getByLabel('Password')).toBeFocused()
    await type(owner, password)
    await press(owner, 'Enter')
    await expect(owner.getByText(/^signed by owner/)).toBeVisible()
  })
})

test.describe('an auditor', () => {
  test.describe.configure({ mode: 'serial' })
  let auditor: Page
  let kit: string

  test.beforeAll(async ({ browser }) => {
    test.setTimeout(300_000)
    await admin.send('POST', '/tenants/main/applications', { slug: 'ledger', name: 'Ledger' })
    await admin.upload('ledger', 'v1.0.0', jars.older)
    await raise('ledger', 'v1.0.0')
    kit = (await admin.send<{ id: string }>('POST', '/tenants/main/kits', { application: 'ledger', environment: 'prod', runbook: {} })).id
    auditor = await opened(browser, emails.auditor)
  })

  test('S0.7: reads seven items, seven checks and seven stages, and can neither sign nor promote', async () => {
    await auditor.goto('/t/main/evidence/ledger/prod/v1.0.0')
    for (const name of ['Evidence', 'Checks']) {
      await expect(auditor.getByRole('region', { name, exact: true }).getByRole('heading', { level: 3 })).toHaveCount(7)
    }
    await expect(auditor.getByRole('button', { name: 'Sign the checklist' })).toHaveCount(0)
    await auditor.goto(`/t/main/kits/${kit}`)
    await expect(auditor.getByRole('region', { name: 'Stages' }).getByRole('heading', { level: 3 })).toHaveCount(7)
    await auditor.goto('/t/main?sheet=ledger/prod/v1.0.0/promote')
    await expect(auditor.getByRole('dialog').getByRole('region', { name: 'Gates' })).toBeVisible()
    await expect(auditor.getByRole('dialog').getByRole('button', { name: /^(Promote|Ask)/ })).toHaveCount(0)
    const reader = await Api.signIn(caisson.url, emails.auditor)
    const promotion = { application: 'ledger', environment: 'dev', release: 'v1.0.0' }
    await expect(reader.send('POST', '/tenants/main/promotions', promotion)).rejects.toThrow(': 403 ')
    const signature = { meaning: 'Mine.', preparedAt: new Date().toISOString(), statementDigest: `sha256:${'0'.repeat(64)}` }
    await expect(reader.send('POST', '/tenants/main/checklists/ledger/prod/v1.0.0/sign-offs', signature)).rejects.toThrow(': 403 ')
  })

  test('S3.19, S4.35: takes the changes along, verifies the log, and sees at once that somebody touched it', async () => {
    await auditor.goto('/t/main/desk?app=ledger')
    for (const format of ['CSV', 'JSONL']) {
      const download = auditor.waitForEvent('download')
      await activate(auditor, auditor.getByRole('link', { name: `Export ${format}` }))
      expect(readFileSync(await (await download).path(), 'utf8')).toContain('ledger')
    }
    await auditor.goto('/t/main/audit')
    await activate(auditor, auditor.getByRole('button', { name: 'Verify now' }))
    await expect(auditor.getByText(/entries intact, in/)).toBeVisible()
    const { items } = await admin.send<Items>('GET', '/tenants/main/checklists/ledger/prod/v1.0.0')
    const evidence = items.find(({ control }) => control === 'readiness-output')?.evidence[0]?.id
    await asSuperuser(
      `update audit_entry set content = replace(content, '"outcome":"done"', '"outcome":"denied"') where subject = 'evidence:${evidence}'`,
    )
    await activate(auditor, auditor.getByRole('button', { name: 'Verify now' }))
    await expect(auditor.getByRole('alert').filter({ hasText: 'The log is not what was sealed' })).toBeVisible()
    await auditor.goto('/t/main/evidence/ledger/prod/v1.0.0')
    await expect(auditor.getByRole('alert').filter({ hasText: 'This evidence is at risk' })).toBeVisible()
  })
})

/** Ends the launcher first, so that nobody starts the software again, and then the software. */
async function killReplicas(ids: readonly string[]): Promise<void> {
  const records = readdirSync(caisson.dataDir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('state.json'))
    .map((path) => JSON.parse(readFileSync(join(caisson.dataDir, path), 'utf8')) as Partial<KilledRecord>)
    .filter((record): record is KilledRecord => ids.includes(record.replicaId ?? ''))
  expect(records.map(({ replicaId }) => replicaId).toSorted()).toEqual([...ids].toSorted())
  for (const { launcher, process: software } of records) {
    process.kill(launcher.pid, 'SIGKILL')
    if (software) process.kill(software.pid, 'SIGKILL')
  }
}

interface KilledRecord {
  replicaId: string
  launcher: { pid: number }
  process: { pid: number } | null
}
