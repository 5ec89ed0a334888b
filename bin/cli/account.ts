// login, logout, whoami, tenant: who one is for the other commands.
import type { Command } from 'commander'
import { connect, connectAs, type Api } from '#bin/cli/api'
import { ask, askPassword } from '#bin/cli/ask'
import { credentialsFile, forgetCredentials, readCredentials, writeCredentials } from '#bin/cli/credentials'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { facts, note, say, show, table } from '#bin/cli/print'
import type { MeView } from '#lib/access/session'
import { isRefusal, Refusal } from '#lib/platform/refusal'

export function addAccount(program: Command): void {
  program
    .command('login')
    .description('sign in and keep the session for the commands that follow')
    .option('--url <url>', 'the server; else CAISSON_URL, the one before, or http://localhost:3000')
    .option('--email <email>', 'your address; asked for when absent')
    .option('--json', 'print who you are as JSON')
    .addHelpText(
      'after',
      `
The password is CAISSON_PASSWORD, or typed, or the first line of stdin. The session is kept in
~/.config/caisson/credentials.json, readable by you alone. Machines set CAISSON_URL, CAISSON_TOKEN and
CAISSON_TENANT instead and need no login.

  $ caisson login
  $ caisson login --url https://caisson.northwind.test --email dev@northwind.test < password.txt`,
    )
    .action(login)

  program
    .command('logout')
    .description('end the session on the server and forget it here')
    .action(async () => {
      const kept = readCredentials()
      if (!kept) return say('Nobody was signed in.')
      try {
        await connectAs(kept.url, kept.token).call('DELETE', '/sessions/current')
      } catch (error) {
        // Forgotten here in any case; a session that the server does not know any more needs no ending.
        if (!isRefusal(error) || error.code !== 'unauthenticated') note(`The session could not be ended on the server: ${(error as Error).message}`)
      }
      forgetCredentials()
      say(`Signed out of ${kept.url}.`)
    })

  overApi(program.command('whoami').description('who you are, on which server, and in which tenants'), async (api, options: CommonOptions) => {
    const me = await api.call<MeView>('GET', '/me')
    show(options, me, () => describeMe(api, me))
  })

  const tenant = program.command('tenant').description('the tenant that commands work in')
  overApi(
    tenant.command('use').argument('<slug>').description('work in this tenant from now on'),
    async (api, slug: string, options: CommonOptions) => {
      const view = await api.call<{ slug: string; name: string; tier: string }>('GET', `/tenants/${encodeURIComponent(slug)}`)
      const kept = readCredentials()
      if (kept?.url !== api.url) {
        throw new Refusal('unauthenticated', `Nobody is signed in at ${api.url}, so there is nowhere to keep the choice.`, {
          fix: 'Sign in with `caisson login`, or set CAISSON_TENANT.',
        })
      }
      writeCredentials({ ...kept, tenant: view.slug })
      show(options, view, () => `Working in ${view.slug} (${view.name}, ${view.tier}).`)
    },
  )
  overApi(tenant.command('list').description('the tenants that you can enter'), async (api, options: CommonOptions) => {
    const { tenants } = await api.call<MeView>('GET', '/me')
    show(options, tenants, () => tenantTable(tenants))
  })
}

async function login(options: { url?: string; email?: string; json?: boolean }): Promise<void> {
  const { url } = connect(options)
  const email = options.email ?? (await ask('Email: '))
  const password = await askPassword('Password: ')
  const { token } = await connectAs(url, '').call<{ token: string }>('POST', '/sessions', { email, password })
  const api = connectAs(url, token)
  const me = await api.call<MeView>('GET', '/me')
  const before = readCredentials()?.tenant
  const [only] = me.tenants
  const tenant = me.tenants.find(({ slug }) => slug === before) ?? (me.tenants.length === 1 ? only : undefined)
  writeCredentials({ url, token, email: me.email, tenant: tenant?.slug ?? '' })
  show(options, me, () => describeMe(api, me, tenant?.slug))
  note(`The session is kept in ${credentialsFile()}.`)
}

/** Types the password again for an act that asks for it, and tries once more. */
export async function reauthenticating<T>(api: Api, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!isRefusal(error) || error.code !== 'reauthentication_required') throw error
    if (!process.env['CAISSON_PASSWORD'] && !process.stdin.isTTY) throw error
    note(error.message)
    await api.call('POST', '/sessions/current/authentications', { password: await askPassword('Password: ') })
    return act()
  }
}

function describeMe(api: Api, me: MeView, tenant = readCredentials()?.tenant): string {
  const head = facts([
    ['who', me.kind === 'token' ? `token ${me.name}` : `${me.name} <${me.email}>`],
    ['server', api.url],
    ['tenant', process.env['CAISSON_TENANT'] || tenant || 'none chosen: caisson tenant use SLUG'],
    ['rights', [me.isPlatformAdmin ? 'platform admin' : '', ...me.verbs].filter(Boolean).join(', ')],
  ])
  return me.tenants.length === 0 ? head : `${head}\n\n${tenantTable(me.tenants)}`
}

function tenantTable(tenants: MeView['tenants']): string {
  const rows = tenants.map(({ slug, name, tier, roles, isSuspended }) => [slug, name, tier, roles.join(', ') + (isSuspended ? ' (suspended)' : '')])
  return table(['TENANT', 'NAME', 'TIER', 'ROLES'], rows)
}
