// Every page in both themes and at 360 px: no violation that axe finds, nothing wider than the screen, and nothing that the
// browser complains of. The pictures of the README are taken here.
import { expect, test, type Page } from '@playwright/test'
import { addPerson, adminEmail, Api, jars, password, startCaisson, type Caisson } from './caisson.ts'
import { expectFit, expectReflow, settled } from './fit.ts'

let caisson: Caisson
let page: Page
const complaints: string[] = []

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  test.setTimeout(400_000)
  caisson = await startCaisson()
  await furnish(caisson.url)
  page = await (await browser.newContext({ baseURL: caisson.url })).newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
  await page.goto('/sign-in')
})

test.afterAll(async () => {
  test.setTimeout(120_000)
  await caisson.stop()
})

/** Two applications on their way: one in dev and staging with a request that waits at prod, one with a newer release in dev. */
async function furnish(url: string): Promise<void> {
  const admin = await Api.signIn(url, adminEmail)
  await addPerson(url, admin, 'approver@northwind.test', ['approver'])
  for (const slug of ['orders', 'billing']) {
    await admin.send('POST', '/tenants/main/applications', { slug, name: slug[0]?.toUpperCase() + slug.slice(1) })
    await admin.upload(slug, 'v1.0.0', jars.older)
    await completed(admin, { application: slug, environment: 'dev', release: 'v1.0.0' })
    await completed(admin, { application: slug, environment: 'staging', release: 'v1.0.0' })
  }
  await admin.upload('billing', 'v1.1.0', jars.newer)
  await completed(admin, { application: 'billing', environment: 'dev', release: 'v1.1.0' })
  await admin.send('POST', '/tenants/main/promotions', { application: 'orders', environment: 'prod', release: 'v1.0.0' })
}

async function completed(api: Api, body: Record<string, string>): Promise<void> {
  const { id } = await api.send<{ id: string }>('POST', '/tenants/main/promotions', body)
  await expect
    .poll(async () => (await api.send<{ state: string }>('GET', `/tenants/main/promotions/${id}`)).state, { timeout: 120_000 })
    .toBe('completed')
}

const places = [
  '/t/main',
  '/t/main?cell=billing/dev',
  '/t/main?sheet=billing/staging/v1.1.0/promote',
  '/t/main/approvals',
  '/t/main/promotions',
  '/t/main/releases',
  '/t/main/releases/new',
  '/t/main/releases/billing/v1.1.0',
  '/t/main/configuration?app=orders&env=dev',
  '/t/main/configuration?app=orders&env=dev&as=text',
  '/t/main/configuration?app=orders&env=dev&view=revisions',
  '/t/main/configuration?app=orders&view=matrix',
  '/t/main/configuration?app=orders&env=dev&view=secrets',
  '/t/main/environments',
  '/t/main/environments/dev',
  '/t/main/environments/dev/timeline',
  '/t/main/environments/dev/timeline?at=2030-01-01T00:00:00.000Z',
  '/t/main/readiness',
  '/t/main/readiness?env=dev&app=billing&days=7',
  '/t/main/registry',
  '/t/main/registry/billing',
  '/t/main/rollback',
  '/t/main/rollback?app=billing&env=dev',
  '/t/main/evidence',
  '/t/main/kits',
  '/t/main/kits?do=create',
  '/t/main/kits/guides/deploy',
  '/t/main/evidence/billing/dev/v1.1.0',
  '/t/main/freezes',
  '/t/main/freezes?do=stop',
  '/t/main/audit',
  '/t/main/desk',
  '/t/main/desk?env=dev',
  '/t/main/desk/billing/v1.0.0',
  '/t/main/settings/members',
  '/t/main/settings/members?do=invite',
  '/t/main/settings/tokens',
  '/t/main/settings/environments',
  '/t/main/settings/environments?do=create',
  '/t/main/settings/policies',
  '/t/main/settings/applications',
  '/t/main/settings/webhooks',
  '/t/main/settings/backups',
  '/t/main/settings/diagnostics',
  '/t/main/settings/tenant',
  '/tenants',
  '/account',
]

test('the page to sign in is fit for everybody', async () => {
  await expectFit(page)
  await page.getByLabel('Email').fill(adminEmail)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/t\/main/)
})

for (const theme of ['dark', 'light'] as const) {
  for (const width of [1440, 360]) {
    test(`every page is fit for everybody, ${theme}, ${width} px wide`, async () => {
      test.setTimeout(600_000)
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      for (const place of places) {
        await test.step(place, async () => {
          await page.goto(place)
          // Contrast is the theme's and reflow is the width's: the fourth pairing can only show what three have shown.
          await (theme === 'light' && width === 360 ? expectReflow(page) : expectFit(page))
          await page.screenshot({ path: `test-results/pictures/${theme}-${width}${place.replaceAll(/[^a-z0-9.]+/g, '-')}.png` })
        })
      }
    })
  }
}

test('a page of each of the main things, for the README', async () => {
  await page.setViewportSize({ width: 1440, height: 900 })
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    for (const [name, place] of [
      ['board', '/t/main'],
      ['sheet', '/t/main?sheet=billing/staging/v1.1.0/promote'],
      ['release', '/t/main/releases/billing/v1.1.0'],
    ] as const) {
      await page.goto(place)
      await settled(page)
      await page.screenshot({ path: `docs/pictures/${name}-${theme}.png` })
    }
  }
})

test('S0.7: a dossier prints as the page alone, as wide as the paper', async () => {
  await page.setViewportSize({ width: 794, height: 1123 }) // A4 at 96 pixels an inch
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  await page.goto('/t/main/desk/billing/v1.0.0')
  await settled(page)
  expect((await page.getByRole('main').boundingBox())?.width).toBeGreaterThan(700)
  for (const part of [page.getByRole('banner').first(), page.getByRole('complementary'), page.getByText('Skip to the page')]) {
    await expect(part).toBeHidden()
  }
  await page.screenshot({ path: 'test-results/pictures/dossier-print.png', fullPage: true })
  await page.emulateMedia({ media: null })
})

test('the browser had nothing to complain of', () => {
  expect(complaints).toEqual([])
})
