// The main job by the keyboard alone: what two people do here, they do without ever touching a mouse.
import { expect, test, type Browser, type Locator, type Page } from '@playwright/test'
import { addPerson, adminEmail, Api, jars, password, startCaisson, type Caisson } from './caisson.ts'

const approverEmail = 'approver@northwind.test'
let caisson: Caisson
let manager: Page
let approver: Page
/** What came from a mouse, a finger or a pen; nothing may. */
const pointed: string[] = []

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  test.setTimeout(400_000)
  caisson = await startCaisson()
  await furnish(caisson.url)
  manager = await opened(browser)
  approver = await opened(browser)
})

test.afterAll(async () => {
  test.setTimeout(120_000)
  await caisson.stop()
})

/** An earlier release runs in every environment, so that there is something to go back to. */
async function furnish(url: string): Promise<void> {
  const admin = await Api.signIn(url, adminEmail)
  await addPerson(url, admin, approverEmail, ['approver'])
  const other = await Api.signIn(url, approverEmail)
  await admin.send('POST', '/tenants/main/applications', { slug: 'mock', name: 'Mock' })
  await admin.upload('mock', 'v1.0.0', jars.older)
  for (const environment of ['dev', 'staging', 'prod']) {
    const asked = await admin.send<{ id: string; planDigest: string }>('POST', '/tenants/main/promotions', {
      application: 'mock',
      environment,
      release: 'v1.0.0',
    })
    const path = `/tenants/main/promotions/${asked.id}`
    if (environment === 'prod') await other.send('POST', `${path}/approvals`, { planDigest: asked.planDigest })
    await expect.poll(async () => (await admin.send<{ state: string }>('GET', path)).state, { timeout: 120_000 }).toBe('completed')
  }
}

async function opened(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ baseURL: caisson.url, viewport: { width: 1440, height: 900 } })
  await context.exposeFunction('tellPointer', (what: string) => pointed.push(what))
  await context.addInitScript(() => {
    for (const kind of ['pointerdown', 'mousedown', 'touchstart', 'wheel']) {
      addEventListener(kind, () => (globalThis as unknown as { tellPointer: (what: string) => void }).tellPointer(kind), true)
    }
  })
  return context.newPage()
}

async function type(page: Page, words: string): Promise<void> {
  await page.keyboard.type(words)
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

/** Tab by Tab to a control, as somebody does who sees where the focus is; fails when it cannot be reached. */
async function tabTo(page: Page, control: Locator): Promise<void> {
  await expect(control).toBeVisible()
  for (let presses = 0; presses < 80; presses += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`80 times Tab do not lead to ${control.toString()}`)
}

/** A control that says why it may not be used is reached too, and then does nothing: it has to be one that may. */
async function activate(page: Page, control: Locator): Promise<void> {
  await expect(control).not.toHaveAttribute('aria-disabled', 'true')
  await tabTo(page, control)
  await press(page, 'Enter')
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.goto('/')
  await expect(page.getByLabel('Email')).toBeFocused()
  await type(page, email)
  await press(page, 'Tab')
  await type(page, password)
  await press(page, 'Enter')
  await expect(page).toHaveURL(/\/t\/main/)
}

/** On the board, the cell of an environment: one Tab stop for the whole grid, arrows inside it. */
async function goToCell(page: Page, environment: 'dev' | 'staging' | 'prod'): Promise<void> {
  await press(page, 'g', 'b')
  await expect(page).toHaveURL(/\/t\/main$/)
  await tabTo(page, page.locator('[data-spot][tabindex="0"]'))
  await press(page, 'Home')
  for (const step of ['dev', 'staging', 'prod']) {
    if (step === environment) break
    await press(page, 'ArrowRight')
  }
  await expect(page.getByRole('link', { name: new RegExp(`mock in ${environment}`, 'i') })).toBeFocused()
}

async function seeCompleted(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/promotions\//)
  await expect(page.getByText('completed', { exact: true }).first()).toBeVisible({ timeout: 120_000 })
}

test('S2.3: signs in, uploads a JAR by the palette and deploys it to dev', async () => {
  await signIn(manager, adminEmail)
  await signIn(approver, approverEmail)
  await press(manager, 'ControlOrMeta+k')
  await expect(manager.getByRole('combobox', { name: 'Search and commands' })).toBeFocused()
  await type(manager, 'upload')
  await press(manager, 'Enter')
  // The page may still be drawing itself: who presses and sees no chooser presses again.
  await expect(async () => {
    await tabTo(manager, manager.getByLabel('JAR file'))
    const chooser = manager.waitForEvent('filechooser', { timeout: 5000 })
    await press(manager, 'Space')
    await (await chooser).setFiles(jars.newer)
  }).toPass({ timeout: 60_000 })
  await tabTo(manager, manager.getByLabel('Release name'))
  await type(manager, 'v1.1.0')
  await press(manager, 'Enter')
  await activate(manager, manager.getByRole('link', { name: 'Deploy to dev' }))
  await activate(manager, manager.getByRole('dialog').getByRole('button', { name: /^Deploy v1\.1\.0 to dev/ }))
  await seeCompleted(manager)
})

test('S2.12: promotes it to staging from its cell, and asks for prod', async () => {
  await goToCell(manager, 'dev')
  await press(manager, 'p')
  await activate(manager, manager.getByRole('dialog').getByRole('button', { name: /^Promote v1\.1\.0 to staging/ }))
  await seeCompleted(manager)
  await press(approver, 'g', 'a')
  await expect(approver.getByText('Nothing needs you')).toBeVisible()
  await goToCell(manager, 'staging')
  await press(manager, 'p')
  const sheet = manager.getByRole('dialog')
  await tabTo(manager, sheet.getByLabel(/^Type/))
  await type(manager, 'prod')
  await activate(manager, sheet.getByRole('button', { name: /^Ask for approval/ }))
  await expect(manager).toHaveURL(/\/promotions\//)
})

test('S2.13: another person sees it arrive and approves, and the one who asked sees that without a reload', async () => {
  await activate(approver, approver.getByRole('link', { name: /^Review and approve/ }))
  await activate(approver, approver.getByRole('button', { name: /^Approve/ }))
  await activate(approver, approver.getByRole('dialog').getByRole('button', { name: /^Approve v1\.1\.0 for prod/ }))
  await seeCompleted(manager)
  await seeCompleted(approver)
})

test('S2.14: rolls prod back from its cell', async () => {
  await goToCell(manager, 'prod')
  await press(manager, 'r')
  await tabTo(manager, manager.getByLabel('Reason'))
  await type(manager, 'The new one answers wrongly.')
  await tabTo(manager, manager.getByLabel(/^Type/))
  await type(manager, 'prod')
  await activate(manager, manager.getByRole('button', { name: 'Roll back prod to v1.0.0' }))
  await seeCompleted(manager)
  await goToCell(manager, 'prod')
  await expect(manager.getByRole('link', { name: /mock in prod:.*v1\.0\.0/i })).toBeVisible()
  expect(pointed).toEqual([])
})
