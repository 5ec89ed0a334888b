// The main job by the keyboard alone: what two people do here, they do without ever touching a mouse.
import { expect, test, type Page } from '@playwright/test'
import { activate, openPage, press, seeCompleted, signIn, tabTo, type } from './by-keyboard.ts'
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
  manager = await openPage(browser, caisson.url, pointed)
  approver = await openPage(browser, caisson.url, pointed)
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

test('is let in although they were quicker than the page, and their password stays out of the address', async ({ browser }) => {
  const quick = await openPage(browser, caisson.url, pointed)
  const { promise: typed, resolve: release } = Promise.withResolvers<void>()
  await quick.route(/\.js(\?|$)/, async (route) => {
    await typed
    await route.continue()
  })
  const addresses: string[] = []
  quick.on('request', (request) => addresses.push(request.url()))
  await quick.goto('/', { waitUntil: 'commit' })
  await tabTo(quick, quick.getByLabel('Email'))
  await type(quick, approverEmail)
  await press(quick, 'Tab')
  await type(quick, password)
  await press(quick, 'Enter')
  release()
  await expect(quick).toHaveURL(/\/t\/main$/)
  expect(addresses.filter((address) => address.includes('password'))).toEqual([])
  await quick.close()
})

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
