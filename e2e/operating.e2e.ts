// What whoever operates Caisson does in the pages: make a tenant, a token, an application.
import { expect, test, type Page } from '@playwright/test'
import { adminEmail, password, startCaisson, type Caisson } from './caisson.ts'

let caisson: Caisson
let page: Page

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  test.setTimeout(400_000)
  caisson = await startCaisson()
  page = await (await browser.newContext({ baseURL: caisson.url })).newPage()
  await page.goto('/sign-in')
  await page.getByLabel('Email').fill(adminEmail)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/t\/main/)
})

test.afterAll(async () => {
  test.setTimeout(120_000)
  await caisson.stop()
})

const switcher = () => page.getByRole('button', { name: /^Switch the tenant/ })

test('S1.6: a tenant is created with a tier, chosen in the switcher, and still the one after the page is loaded again', async () => {
  await page.goto('/tenants')
  await page.getByRole('button', { name: 'Create a tenant' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Southwind')
  await dialog.getByLabel('Slug').fill('southwind')
  const create = dialog.getByRole('button', { name: 'Create southwind' })
  // Without a tier there is no tenant.
  await expect(create).toHaveAttribute('aria-disabled', 'true')
  await dialog.getByRole('radio', { name: /^MID/ }).check()
  await create.click()
  await expect(page).toHaveURL(/\/t\/southwind/)
  await expect(switcher()).toContainText('Southwind')
  await switcher().click()
  await page.getByRole('menuitem', { name: /^Main/ }).click()
  await expect(page).toHaveURL(/\/t\/main(?:$|[?/])/)
  await switcher().click()
  await page.getByRole('menuitem', { name: /^Southwind/ }).click()
  await expect(page).toHaveURL(/\/t\/southwind/)
  await expect(switcher()).toContainText('Southwind')
  await page.reload()
  await expect(page).toHaveURL(/\/t\/southwind/)
  await expect(switcher()).toContainText('Southwind')
  await expect(switcher()).toContainText('MID')
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Releases' }).click()
  await expect(page).toHaveURL(/\/t\/southwind\/releases/)
  // Nor is it forgotten where the address names none.
  await page.goto('/account')
  await expect(switcher()).toContainText('Southwind')
  await page.goto('/')
  await expect(page).toHaveURL(/\/t\/southwind(?:$|[?/])/)
})

test('what is shown once is there until a button says that it is kept, whatever else is pressed', async () => {
  await page.goto('/t/main/settings/tokens')
  await page.getByRole('button', { name: 'Create a token' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('pipeline')
  // Nothing is lost yet: Escape leaves the form.
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await page.getByRole('button', { name: 'Create a token' }).first().click()
  await dialog.getByLabel('Name').fill('pipeline')
  await dialog.getByRole('button', { name: 'Create the token' }).click()
  const secret = dialog.getByText(/^cat_/)
  await expect(secret).toBeVisible()
  await page.keyboard.press('Escape')
  await page.mouse.click(5, 5)
  await expect(secret).toBeVisible()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('row', { name: /pipeline/ })).toBeVisible()
})

test('S4.22: a component declares the task that it is given after each rollout, and keeps it', async () => {
  await page.goto('/t/main/settings/applications')
  await page
    .getByRole('button', { name: /application/ })
    .first()
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Slug').fill('orders')
  await dialog.getByRole('button', { name: /^Create/ }).click()
  await expect(dialog).toBeHidden()
  const open = page.getByRole('button', { name: 'Default spec of orders/app' })
  await open.click()
  await dialog.getByLabel(/give it a task after each rollout/).check()
  await dialog.getByLabel('JSON that is sent').fill('{')
  await dialog.getByRole('button', { name: 'Save the default spec' }).click()
  await expect(dialog.getByText(/is not JSON/).first()).toBeVisible()
  await dialog.getByLabel('JSON that is sent').fill('{"kind":"self-test"}')
  await dialog.getByLabel('Submitted by POST to').fill('/jobs')
  await dialog.getByRole('button', { name: 'Save the default spec' }).click()
  await expect(dialog).toBeHidden()
  await open.click()
  await expect(dialog.getByLabel('Submitted by POST to')).toHaveValue('/jobs')
  await expect(dialog.getByLabel('States that are a good end')).toHaveValue('done\nblocked')
})
