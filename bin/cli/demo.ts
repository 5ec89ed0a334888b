// demo: a tenant with people, applications and a history, made by the same commands that people use.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { connectAs, path, type Api } from '#bin/cli/api'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { note, show, table } from '#bin/cli/print'
import { followToSettled } from '#bin/cli/promotion-progress'
import { upload } from '#bin/cli/releases'
import type { CreatedInvitation } from '#lib/access/invitation'
import { isRefusal, Refusal } from '#lib/platform/refusal'
import type { PromotionView, RequestPromotionInput } from '#lib/promotions/promotion'

const people = {
  dev: { name: 'Developer', roles: ['developer'] },
  manager: { name: 'Release manager', roles: ['release_manager'] },
  approver: { name: 'Approver', roles: ['approver'] },
  sre: { name: 'Site reliability', roles: ['sre'] },
  owner: { name: 'Evidence owner', roles: ['evidence_owner'] },
  auditor: { name: 'Auditor', roles: ['auditor'] },
} as const
type Name = keyof typeof people
type Team = Record<Name, Api>

/** How long a rollout may take before the history goes on without it. */
const rolloutLimitMs = 180_000

const root = join(import.meta.dirname, '../..')
const realJars = ['wiremock-previous/build/wiremock-standalone-3.13.1.jar', 'wiremock/build/wiremock-standalone-3.13.2.jar'].map((file) =>
  join(root, 'node_modules', file),
)

export function addDemo(program: Command): void {
  overApi(
    program
      .command('demo')
      .description('make a demo tenant with people, applications and history, by real commands; never in production')
      .option('--slug <slug>', 'of the tenant', 'northwind')
      .option('--jar <files...>', 'two versions of one application; WireMock where the packages for tests are installed')
      .addHelpText(
        'after',
        `
Signed in as a platform admin, against a server that is not in CAISSON_MODE=production. The accounts are printed
at the end, with one password that is made for this demo.

  $ caisson login --email admin@caisson.local
  $ caisson demo`,
      ),
    async (api, options: CommonOptions & { slug: string; jar?: string[] }) => {
      await refuseInProduction(api)
      const { slug, jar: jars = realJars } = options
      const missing = jars.filter((file) => !existsSync(file))
      if (missing.length > 0) {
        throw new Refusal('invalid_input', `There is no file ${missing.join(', ')}.`, {
          fix: 'Name two versions of a JAR: caisson demo --jar OLD.jar NEW.jar',
        })
      }
      const { team, accounts, password } = await gather(api, slug)
      await tellStory(connectAs(api.url, api.token, slug), team, jars)
      const made = { url: `${api.url}/t/${slug}`, tenant: slug, password, accounts }
      const rows = accounts.map(({ email, name, roles }) => [email, name, roles.join(', ')])
      show(options, made, () => `${table(['EMAIL', 'NAME', 'ROLES'], rows)}\npassword of each: ${password}\n${made.url}`)
    },
  )
}

/** The server says in which mode it runs; one that does not say it is taken for production. */
async function refuseInProduction(api: Api): Promise<void> {
  await api.call('GET', '/me') // refuses in the usual words when nobody is there, or nobody is signed in
  const health = (await (await fetch(`${api.url}/health`)).json()) as { mode?: string }
  if (health.mode === 'development' && process.env['CAISSON_MODE'] !== 'production') return
  throw new Refusal('forbidden', `${api.url} runs in production mode, and a demo has no place there.`, {
    fix: 'Start another installation without CAISSON_MODE=production.',
  })
}

/** The tenant, of which its maker is the admin, and its people, who each accept an invitation. */
async function gather(admin: Api, slug: string) {
  const tenant = { slug, name: slug.slice(0, 1).toUpperCase() + slug.slice(1), tier: 'HIGH' }
  await admin.call('POST', '/tenants', tenant)
  note(`Made the tenant ${slug} (${tenant.tier}).`)
  const password = `demo ${randomBytes(9).toString('base64url')}`
  const inTenant = connectAs(admin.url, admin.token, slug)
  const nobody = connectAs(admin.url, '')
  const team: Partial<Team> = {}
  const accounts: { email: string; name: string; roles: readonly string[] }[] = []
  for (const [key, { name, roles }] of Object.entries(people) as [Name, (typeof people)[Name]][]) {
    const email = `${key}@${slug}.test`
    const { token } = await inTenant.call<CreatedInvitation>('POST', '/tenants/{tenant}/invitations', { email, roles })
    await nobody.call('POST', path`/invitations/${token}/acceptances`, { name, password })
    const session = await nobody.call<{ token: string }>('POST', '/sessions', { email, password })
    team[key] = connectAs(admin.url, session.token, slug)
    accounts.push({ email, name, roles })
    note(`${email} accepted an invitation as ${roles.join(', ')}.`)
  }
  return { team: team as Team, accounts, password }
}

async function tellStory(admin: Api, team: Team, [older = '', newer = older]: string[]): Promise<void> {
  await admin.call('POST', '/tenants/{tenant}/applications', { slug: 'orders', name: 'Orders' })
  await admin.call('POST', '/tenants/{tenant}/applications', { slug: 'catalog', name: 'Catalog' })
  await admin.call('POST', '/tenants/{tenant}/applications', { slug: 'mail', name: 'Mail gateway' })
  await seal(team.dev, older, 'orders', 'v1.0.0')
  await seal(team.dev, newer, 'orders', 'v1.1.0')
  await seal(team.dev, older, 'catalog', 'v2.0.0')
  await seal(team.dev, newer, 'catalog', 'v2.1.0-preview1')

  const inProd = await climb(team, 'orders', 'v1.0.0')
  await refusal('the developer asks for production', team.dev, { application: 'orders', environment: 'prod', release: 'v1.1.0' })
  await refusal('a release skips an environment', team.manager, { application: 'orders', environment: 'prod', release: 'v1.1.0' })
  await ask(team.dev, { application: 'orders', environment: 'dev', release: 'v1.1.0', reason: 'The next one' })
  await ask(team.manager, { application: 'catalog', environment: 'dev', release: 'v2.0.0', reason: 'The first one' })
  if (inProd) {
    await ask(team.manager, { application: 'orders', environment: 'staging', release: 'v1.1.0', reason: 'To be tried by the shop team' })
    await leaveWaiting(team, { application: 'orders', environment: 'prod', release: 'v1.1.0', reason: 'The release of this week' })
  }

  const endsAt = new Date(Date.now() + 7 * 86_400_000).toISOString()
  await team.sre.call('POST', '/tenants/{tenant}/freezes', { environment: 'staging', application: 'catalog', reason: 'Stocktaking', endsAt })
  note('The SRE froze catalog in staging for a week.')
  await refusal('a promotion into the freeze', team.manager, { application: 'catalog', environment: 'staging', release: 'v2.0.0' })
  await refused('the auditor uploads', () => seal(team.auditor, older, 'mail', 'v0.1.0'))
}

async function seal(api: Api, jar: string, app: string, name: string): Promise<void> {
  const { release } = await upload(api, jar, { app, name, json: true })
  note(`Sealed ${app} ${name}: ${release.digest}`)
}

/** Up to production, with an approval. False when the first rollout did not complete: then nothing stands above it. */
async function climb(team: Team, application: string, release: string): Promise<boolean> {
  for (const environment of ['dev', 'staging']) {
    if (!(await ask(team.manager, { application, environment, release, reason: 'The first one' }))) return false
  }
  const { id, planDigest } = await leaveWaiting(team, { application, environment: 'prod', release, reason: 'Opening day' })
  await refused('the release manager approves', () => team.manager.call('POST', path`/tenants/{tenant}/promotions/${id}/approvals`, { planDigest }))
  const approved = await team.approver.call<PromotionView>('POST', path`/tenants/{tenant}/promotions/${id}/approvals`, {
    planDigest,
    comment: 'Read it with the shop team.',
  })
  note(`The approver approved ${planDigest.slice(0, 19)}….`)
  return settle(team.manager, approved)
}

async function ask(api: Api, input: RequestPromotionInput): Promise<boolean> {
  return settle(api, await api.call<PromotionView>('POST', '/tenants/{tenant}/promotions', input))
}

async function settle(api: Api, promotion: PromotionView): Promise<boolean> {
  const last = await followToSettled(api, promotion, rolloutLimitMs, () => {})
  note(
    `${last.kind} ${last.application.slug} ${last.release} in ${last.environment.slug}: ${last.state.replaceAll('_', ' ')}${last.outcome === '' ? '' : `, ${last.outcome}`}`,
  )
  return last.state === 'completed'
}

async function leaveWaiting(team: Team, input: RequestPromotionInput): Promise<PromotionView> {
  const promotion = await team.manager.call<PromotionView>('POST', '/tenants/{tenant}/promotions', input)
  note(`${input.application} ${input.release} in ${input.environment} waits for approval.`)
  return promotion
}

async function refusal(what: string, api: Api, input: RequestPromotionInput): Promise<void> {
  await refused(what, () => api.call('POST', '/tenants/{tenant}/promotions', input))
}

/** Something that Caisson refuses, for the log to show; that it is let through would be a fault. */
async function refused(what: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!isRefusal(error)) throw error
    return note(`Refused, as it should be: ${what}. ${error.message}`)
  }
  throw new Error(`This was let through: ${what}.`)
}
