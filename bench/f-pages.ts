// F1 and F4: the board of 100 applications in 5 environments as a browser on a slow line meets it (CPU four times slower,
// 10 Mbit/s, 40 ms, nothing cached), and the JavaScript of each page beside that of an empty application of the same Next.
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { figureOf, percentile, type Figure } from '#bench/measure'
import type { Bench } from '#bench/run'
import { openStage, run, startHttp } from '#bench/stage'
import { ensureFirstAdmin } from '#lib/access/commands/ensure-first-admin'
import type { Role } from '#lib/access/permissions'
import type { TenantContext, TenantRef } from '#lib/platform/context'
import { newId } from '#lib/platform/id'
import { requestPromotion } from '#lib/promotions/commands/request-promotion'
import { actAs, asPlatform, environmentId, makeApplication, makeTenant } from '#lib/testing/factories'
import { completeRollout } from '#lib/testing/promotions'
import { makeRelease } from '#lib/testing/releases'
import { findBrowser } from '../scripts/machine.ts'

const loads = 20
const applications = 100
const account = { email: 'bench@northwind.test', password: 'a long enough password' }
const roles: Role[] = ['release_manager', 'tenant_admin', 'sre', 'auditor']
const root = join(import.meta.dirname, '..')

/** A page of each kind, below /t/main/. */
const places = [
  '',
  'approvals',
  'promotions',
  'releases',
  'configuration?app=app-1&env=dev',
  'environments/dev',
  'rollback?app=app-1&env=dev',
].concat(['registry', 'evidence', 'freezes', 'audit', 'desk', 'settings/members', 'settings/policies'])

export const pageBench: Bench = {
  ids: ['F1', 'F4'],
  async *run(wanted) {
    await using _stage = await openStage()
    await using http = await startHttp()
    await furnish()
    const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox', '--disable-quic', '--no-first-run'] })
    try {
      const context = await signIn(browser, http.url)
      if (wanted.includes('F1')) yield* await vitals(context, http.url)
      if (wanted.includes('F4')) yield await firstLoadScripts(context, http.url)
    } finally {
      await browser.close()
    }
  },
}

interface Vitals {
  lcp: number
  inp: number
  cls: number
  ttfb: number
}

/** Half of what web.dev calls good is the floor, and the targets are a fifth to a sixteenth of it. */
async function vitals(context: BrowserContext, url: string): Promise<Figure[]> {
  const found: Vitals[] = []
  for (let load = 0; load <= loads; load += 1) {
    const page = await context.newPage()
    const one = await oneLoad(page, `${url}/t/main`)
    await page.close()
    if (load > 0) found.push(one)
  }
  const p75 = (name: keyof Vitals) => [
    percentile(
      found.map((one) => one[name]),
      0.75,
    ),
  ]
  const what = `p75 of ${loads} loads of the board, ${applications} applications × 5 environments`
  const goal = (floor: number, target: number) => ({ of: 'ours', bound: 'at most', floor, target }) as const
  return [
    figureOf({ id: 'F1', what: `LCP, ${what}`, unit: 'ms', ours: p75('lcp'), goal: goal(1250, 500) }),
    figureOf({ id: 'F1', what: 'INP of typing into the filter', unit: 'ms', ours: p75('inp'), goal: goal(100, 50) }),
    figureOf({ id: 'F1', what: 'CLS', unit: '', ours: p75('cls'), goal: goal(0.05, 0.01) }),
    figureOf({ id: 'F1', what: 'TTFB', unit: 'ms', ours: p75('ttfb'), goal: goal(400, 50) }),
  ]
}

async function oneLoad(page: Page, address: string): Promise<Vitals> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Network.clearBrowserCache')
  const bytesPerSecond = 10_000_000 / 8
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 40,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  })
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await page.addInitScript(() => {
    const kept = { lcp: 0, inp: 0, cls: 0, ttfb: 0 }
    Object.assign(window, { benchVitals: kept })
    const observe = (type: string, take: (entry: PerformanceEntry & { value?: number; hadRecentInput?: boolean }) => void) =>
      new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
        type,
        buffered: true,
        durationThreshold: 16,
      } as PerformanceObserverInit)
    observe('largest-contentful-paint', (entry) => (kept.lcp = entry.startTime))
    observe('event', (entry) => (kept.inp = Math.max(kept.inp, entry.duration)))
    observe('layout-shift', (entry) => (kept.cls += entry.hadRecentInput ? 0 : (entry.value ?? 0)))
    observe('navigation', (entry) => (kept.ttfb = (entry as PerformanceNavigationTiming).responseStart))
  })
  await page.goto(address, { waitUntil: 'load' })
  await page.getByRole('grid', { name: 'Board' }).getByRole('rowheader').nth(10).waitFor()
  await page.waitForLoadState('networkidle')
  await page.getByRole('searchbox').pressSequentially('app', { delay: 100 })
  // An event is reported with the paint after it.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200))))
  return page.evaluate(() => (window as unknown as { benchVitals: Vitals }).benchVitals)
}

/** Bytes after gzip of every script that the HTML of a page names. */
async function firstLoadScripts(context: BrowserContext, url: string): Promise<Figure> {
  const empty = scriptBytes(join(emptyApplication(), '.next'), readFileSync(join(emptyFolder, '.next/server/app/index.html'), 'utf8'))
  let largest = { bytes: 0, place: '' }
  for (const place of places) {
    const answer = await context.request.get(`${url}/t/main/${place}`)
    if (!answer.ok()) throw new Error(`F4: ${answer.status()} for ${place}`)
    const bytes = scriptBytes(join(root, '.next'), await answer.text())
    if (bytes > largest.bytes) largest = { bytes, place: `/t/main/${place}` }
  }
  return figureOf({
    id: 'F4',
    what: `JavaScript of the largest first load after gzip (${largest.place})`,
    unit: 'bytes',
    ours: [largest.bytes],
    peer: { name: 'an empty application', values: [empty] },
    goal: { of: 'ratio', bound: 'at most', floor: 1.5, target: 1.25 },
  })
}

function scriptBytes(build: string, html: string): number {
  const files = new Set([...html.matchAll(/static\/[^"'\\\s?]+\.js/g)].map(([path]) => path))
  if (files.size === 0) throw new Error('F4: a page without scripts')
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(build, file))).length, 0)
}

/** Inside the tree, so that it finds the same Next. */
const emptyFolder = join(root, 'node_modules/.cache/caisson-bench/empty')

function emptyApplication(): string {
  rmSync(emptyFolder, { recursive: true, force: true })
  mkdirSync(join(emptyFolder, 'app'), { recursive: true })
  writeFileSync(join(emptyFolder, 'package.json'), '{ "private": true, "type": "module" }')
  writeFileSync(join(emptyFolder, 'next.config.mjs'), `export default { turbopack: { root: ${JSON.stringify(root)} } }\n`)
  // Below node_modules nothing is compiled, so this is written without JSX.
  const imported = "import { createElement } from 'react'\n"
  const html = "createElement('html', { lang: 'en' }, createElement('body', null, children))"
  writeFileSync(join(emptyFolder, 'app/layout.js'), `${imported}export default function Layout({ children }) { return ${html} }\n`)
  writeFileSync(join(emptyFolder, 'app/page.js'), `${imported}export default function Page() { return createElement('p', null, 'Nothing') }\n`)
  run(process.execPath, [join(root, 'node_modules/next/dist/bin/next'), 'build'], {
    cwd: emptyFolder,
    env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  })
  return emptyFolder
}

async function signIn(browser: Browser, url: string): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(`${url}/sign-in`)
  await page.getByLabel('Email').fill(account.email)
  await page.getByLabel('Password').fill(account.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(/\/t\/main/)
  await page.close()
  return context
}

/** A release runs everywhere, and a newer one in the first environment. */
async function furnish(): Promise<void> {
  const tenant = await makeTenant({ slug: 'main' })
  const { userId } = await ensureFirstAdmin(account)
  await asPlatform((tx) => tx.membership.create({ data: { id: newId(), tenantId: tenant.id, userId, roles, createdBy: 'bench' } }))
  await addEnvironments(tenant)
  const manager = await actAs(tenant, 'release_manager')
  for (let index = 1; index <= applications; index += 1) await deployEverywhere(manager, tenant, `app-${index}`)
}

async function addEnvironments(tenant: TenantRef): Promise<void> {
  await asPlatform(async (tx) => {
    for (const [ordinal, slug] of ['test', 'load'].entries()) {
      const row = { id: newId(), tenantId: tenant.id, slug, name: slug, rank: 10 + ordinal, isProtected: false, isCustom: true }
      await tx.environment.create({ data: { ...row, upstreamIds: [], runtimeKind: 'process', createdBy: 'bench' } })
    }
  })
}

async function deployEverywhere(manager: TenantContext, tenant: TenantRef, slug: string): Promise<void> {
  const application = await makeApplication(tenant, slug)
  await makeRelease(tenant, application, 'v1.0.0')
  const { id } = await requestPromotion(manager, { application: slug, environment: 'dev', release: 'v1.0.0' })
  await completeRollout(manager, id)
  for (const environment of ['staging', 'prod', 'test', 'load']) {
    const target = await environmentId(tenant, environment)
    await asPlatform(async (tx) => {
      const { id: _id, environmentId: _from, ...row } = await tx.deployment.findFirstOrThrow({ where: { applicationId: application.id } })
      await tx.deployment.create({ data: { ...row, id: newId(), environmentId: target } })
    })
  }
  await makeRelease(tenant, application, 'v1.1.0')
}
