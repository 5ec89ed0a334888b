// The release manager's journey, in a real browser: a JAR of nobody here becomes a release, climbs from dev to prod with the
// approval of another person, and is rolled back.
import { expect, test, type Browser, type Page } from '@playwright/test'
import { addPerson, adminEmail, Api, jars, password, startCaisson, type Caisson } from './caisson.ts'

const approverEmail = 'approver@northwind.test'
let caisson: Caisson
let manager: Page
let approver: Page

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  test.setTimeout(400_000)
  caisson = await startCaisson()
  const admin = await Api.signIn(caisson.url, adminEmail)
  await addPerson(caisson.url, admin, approverEmail, ['approver'])
  manager = await signedIn(browser, adminEmail)
  approver = await signedIn(browser, approverEmail)
})

test.afterAll(async () => {
  test.setTimeout(120_000)
  await caisson.stop()
})

async function signedIn(browser: Browser, email: string): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: caisson.url, viewport: { width: 1440, height: 900 } })).newPage()
  await page.goto('/')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/t\/main/)
  return page
}

async function uploadBy(page: Page, jar: string, name: string): Promise<void> {
  await page.goto('/t/main/releases/new?app=mock')
  await page.getByLabel('JAR file').setInputFiles(jar)
  await page.getByLabel('Release name').fill(name)
  await page.getByRole('button', { name: 'Upload and seal' }).click()
  await expect(page.getByRole('link', { name: /Deploy to dev/ })).toBeVisible({ timeout: 60_000 })
}

/** Opens the sheet at its address, presses its one button and waits for the end on the promotion's page. */
async function request(page: Page, environment: string, release: string, kind: string): Promise<void> {
  await page.goto(`/t/main?sheet=mock/${environment}/${release}/${kind}`)
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByText(/sha256:/).first()).toBeVisible()
  if (environment === 'prod') await sheet.getByLabel(/^Type/).fill(environment)
  await sheet.getByRole('button', { name: new RegExp(`${release}.*${environment}|${environment}.*${release}`) }).click()
  await expect(page).toHaveURL(/\/promotions\//)
}

test('S2.3: uploads a JAR from the page and shows its seal', async () => {
  const admin = await Api.signIn(caisson.url, adminEmail)
  await admin.send('POST', '/tenants/main/applications', { slug: 'mock', name: 'Mock' })
  await uploadBy(manager, jars.older, 'v1.0.0')
  await uploadBy(manager, jars.newer, 'v1.1.0')
  await manager.goto('/t/main/releases/mock/v1.0.0')
  await manager.getByRole('button', { name: 'Reproduce' }).click()
  await expect(manager.getByText(/identical/i).first()).toBeVisible()
})

test('S2.12: deploys to dev and promotes to staging, live to verified', async () => {
  await request(manager, 'dev', 'v1.0.0', 'deploy')
  await expect(manager.getByText(/completed/i).first()).toBeVisible({ timeout: 120_000 })
  await request(manager, 'staging', 'v1.0.0', 'promote')
  await expect(manager.getByText(/completed/i).first()).toBeVisible({ timeout: 120_000 })
})

test('S2.13: waits at prod for another person, who approves the plan that they see', async () => {
  await request(manager, 'prod', 'v1.0.0', 'promote')
  await expect(manager.getByRole('button', { name: /^Approve/ })).toBeDisabled()
  await approver.goto(manager.url())
  await approver.getByRole('button', { name: /^Approve/ }).click()
  await approver
    .getByRole('dialog')
    .getByRole('button', { name: /^Approve/ })
    .click()
  await expect(manager.getByText(/completed/i).first()).toBeVisible({ timeout: 120_000 })
})

test('S2.2: shows one digest in every column', async () => {
  await manager.goto('/t/main')
  const digests: (string | null)[] = []
  for (const environment of ['dev', 'staging', 'prod']) {
    const cell = manager.getByRole('link', { name: new RegExp(`Mock in ${environment}: v1.0.0`, 'i') }).first()
    digests.push(await cell.locator('[title^="sha256:"]').getAttribute('title'))
  }
  expect(digests[0]).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(new Set(digests).size).toBe(1)
})

test('S2.14: rolls back to the release before', async () => {
  for (const environment of ['dev', 'staging']) {
    await request(manager, environment, 'v1.1.0', environment === 'dev' ? 'deploy' : 'promote')
    await expect(manager.getByText(/completed/i).first()).toBeVisible({ timeout: 120_000 })
  }
  await manager.goto('/t/main')
  for (const environment of ['dev', 'staging']) {
    await expect(manager.getByRole('link', { name: new RegExp(`Mock in ${environment}: v1.1.0`, 'i') }).first()).toBeVisible()
  }
  await manager.goto('/t/main/rollback?app=mock&env=staging')
  await manager.getByLabel('Reason').fill('The new one answers wrongly.')
  await manager.getByRole('button', { name: /Roll back/ }).click()
  await expect(manager).toHaveURL(/\/promotions\//)
  await expect(manager.getByText(/completed/i).first()).toBeVisible({ timeout: 120_000 })
})
