// The command line as people and machines run it: child processes against a server as `npm start` starts it.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminAccount, startCaisson, type Ended, type RunningCaisson } from '#lib/testing/running-caisson'
import { freePort } from '#lib/platform/postgres/embedded'

const folder = mkdtempSync(join(tmpdir(), 'caisson-cli-'))
const jars = ['node_modules/wiremock-previous/build/wiremock-standalone-3.13.1.jar', 'node_modules/wiremock/build/wiremock-standalone-3.13.2.jar']
const colleague = { email: 'manager@northwind.test', password: 'another long password' }
let running: RunningCaisson

/** A command of a person with a home of their own. */
async function as(person: string, ...args: string[]): Promise<Ended> {
  return running.caisson(args, { env: { XDG_CONFIG_HOME: join(folder, person), CAISSON_URL: running.url } })
}

// oxlint-disable-next-line typescript/no-explicit-any -- answers of every shape
async function json(person: string, ...args: string[]): Promise<any> {
  const { code, out, err } = await as(person, ...args, '--json')
  if (code !== 0) throw new Error(`caisson ${args.join(' ')} ended with ${code}: ${err}`)
  return JSON.parse(out)
}

async function refused(person: string, ...args: string[]): Promise<{ code: number | null; problem: Record<string, unknown>; out: string }> {
  const { code, out, err } = await as(person, ...args, '--json')
  return { code, out, problem: JSON.parse(err) as Record<string, unknown> }
}

async function signIn(person: string, { email, password }: { email: string; password: string }): Promise<Ended> {
  const env = { XDG_CONFIG_HOME: join(folder, person) }
  return running.caisson(['login', '--url', running.url, '--email', email], { env, input: `${password}\n` })
}

beforeAll(async () => {
  running = await startCaisson()
  await signIn('admin', adminAccount)
  const invitation = await json(
    'admin',
    'api',
    'POST',
    '/tenants/{tenant}/invitations',
    JSON.stringify({ email: colleague.email, roles: ['approver', 'release_manager'] }),
  )
  const accepted = await fetch(`${running.url}/api/v1/invitations/${invitation.token}/acceptances`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Manager', password: colleague.password }),
  })
  if (!accepted.ok) throw new Error(await accepted.text())
  await signIn('manager', colleague)
}, 400_000)

afterAll(async () => {
  await running.stop()
  rmSync(folder, { recursive: true, force: true })
}, 120_000)

describe('signing in', () => {
  it('keeps the session where nobody else reads it, and tells who one is', async () => {
    const file = join(folder, 'admin/caisson/credentials.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ url: running.url, tenant: 'main', email: adminAccount.email })
    expect(await json('admin', 'whoami')).toMatchObject({ email: adminAccount.email, isPlatformAdmin: true, tenants: [{ slug: 'main' }] })
    expect((await as('admin', 'whoami')).out).toContain(`<${adminAccount.email}>`)
  })

  it('refuses a wrong password and a stranger, each with its exit code', async () => {
    const wrong = await running.caisson(['login', '--url', running.url, '--email', adminAccount.email], {
      env: { XDG_CONFIG_HOME: join(folder, 'stranger'), CAISSON_PASSWORD: 'not the password' },
    })
    expect(wrong).toMatchObject({ code: 11, out: '' })
    expect(await refused('stranger', 'releases', '--tenant', 'main')).toMatchObject({ code: 11, problem: { code: 'unauthenticated', exitCode: 11 } })
  })

  it('reads address and password from a pipe, also without a newline at its end', async () => {
    const env = { XDG_CONFIG_HOME: join(folder, 'piped') }
    const signedIn = await running.caisson(['login', '--url', running.url], { env, input: `${adminAccount.email}\n${adminAccount.password}` })
    expect(signedIn).toMatchObject({ code: 0 })
    expect(await running.caisson(['login', '--url', running.url], { env, input: `${adminAccount.email}\n` })).toMatchObject({ code: 10 })
  })

  it('sends the kept token to no other server', async () => {
    const other = await running.caisson(['whoami', '--url', running.url.replace('127.0.0.1', 'localhost')], {
      env: { XDG_CONFIG_HOME: join(folder, 'admin') },
    })
    expect(other.code).toBe(11)
  })

  it('S1.21: says that no server is running and how to start it, with an exit code of its own', async () => {
    const closed = `http://127.0.0.1:${await freePort()}`
    const { code, err } = await running.caisson(['board', '--tenant', 'main'], { env: { XDG_CONFIG_HOME: folder, CAISSON_URL: closed } })
    expect(code).toBe(31)
    expect(err).toContain(`No Caisson is running at ${closed}`)
    expect(err).toContain('npm start')
  })

  it('refuses a command that cannot be understood as invalid input, and shows help without a fault', async () => {
    expect((await as('admin', 'promote', 'mock')).code).toBe(10)
    expect((await as('admin', 'promoet')).err).toContain('promote')
    const help = await as('admin', 'approve', '--help')
    expect(help).toMatchObject({ code: 0 })
    expect(help.out).toContain('$ caisson approve')
  })
})

describe('releases', () => {
  it('S2.3: uploads real JARs, and the same bytes are the same release', async () => {
    const [older = '', newer = ''] = jars
    const first = await json('admin', 'upload', older, '--app', 'mock', '--create-app', '--name', 'v1.0.0', '--commit', '0123abc')
    expect(first).toMatchObject({ isNew: true, release: { name: 'v1.0.0', commit: '0123abc', components: [{ seal: { baseDigest: '' } }] } })
    const second = await as('admin', 'upload', newer, '--app', 'mock', '--name', 'v1.1.0')
    expect(second).toMatchObject({ code: 0 })
    expect(second.out).toMatch(/JAR [0-9a-f]{12} → base none → image sha256:[0-9a-f]{64}/)
    expect(await json('admin', 'upload', older, '--app', 'mock', '--name', 'v1.0.0')).toMatchObject({ isNew: false, wasBuilt: false })
    expect(await json('admin', 'reproduce', 'mock', 'v1.0.0')).toMatchObject({ isIdentical: true, imageDigest: first.release.digest })
    const list = await json('admin', 'releases', '--app', 'mock')
    expect(list.releases.map(({ name }: { name: string }) => name)).toEqual(['v1.1.0', 'v1.0.0'])
    expect((await as('admin', 'release', 'mock', 'v1.0.0')).out).toContain(first.release.digest)
  })

  it('draws its progress for a person at a terminal, and for nobody else', async () => {
    const [older = ''] = jars
    const args = ['upload', older, '--app', 'mock', '--name', 'v1.0.0']
    const piped = await as('admin', ...args)
    expect(piped).toMatchObject({ code: 0, err: '' })
    expect(piped.out).not.toContain('\u001B')
    // `script` of util-linux gives a command a terminal, and repeats what it draws there.
    const line = ['node', 'bin/caisson.mjs', ...args].join(' ')
    const env = { ...process.env, XDG_CONFIG_HOME: join(folder, 'admin'), CAISSON_URL: running.url }
    const { stdout } = await promisify(execFile)('script', ['--quiet', '--return', '--command', line, '/dev/null'], { env })
    expect(stdout).toMatch(/\d+% {2}[0-9.]+ \w+ of [0-9.]+ MiB/)
    expect(stdout).toContain('mock v1.0.0: was here already')
    const asJson = await promisify(execFile)('script', ['--quiet', '--return', '--command', `${line} --json`, '/dev/null'], { env })
    expect(JSON.parse(asJson.stdout)).toMatchObject({ isNew: false })
  })

  it('refuses what cannot become a release, each kind with its exit code and nothing on stdout', async () => {
    const text = join(folder, 'text.jar')
    writeFileSync(text, 'this is no archive')
    expect(await refused('admin', 'upload', text, '--app', 'mock', '--name', 'v1.0.0')).toMatchObject({
      code: 16,
      out: '',
      problem: { code: 'tag_taken' },
    })
    expect(await refused('admin', 'upload', text, '--app', 'mock', '--name', 'v9.0.0')).toMatchObject({ code: 24, problem: { code: 'not_a_jar' } })
    expect(await refused('admin', 'upload', text, '--app', 'mock', '--name', 'latest')).toMatchObject({
      code: 10,
      problem: { code: 'invalid_input' },
    })
    expect(await refused('admin', 'upload', text, '--app', 'nowhere')).toMatchObject({ code: 15, problem: { code: 'not_found' } })
    expect(await refused('admin', 'upload', join(folder, 'none.jar'), '--app', 'mock')).toMatchObject({ code: 10 })
  })
})

describe('promotions', () => {
  it('S2.13: refuses what a gate blocks, with the gates and what would fix them', async () => {
    const early = await refused('admin', 'promote', 'mock', 'v1.0.0', '--to', 'staging')
    expect(early).toMatchObject({ code: 19, out: '', problem: { code: 'gates_blocked' } })
    const words = await as('admin', 'promote', 'mock', 'v1.0.0', '--to', 'staging')
    expect(words.err).toMatch(/✗ order: failed\. .* → Promote v1\.0\.0 to dev first/)
    expect(await refused('admin', 'promote', 'mock', 'v7.0.0', '--to', 'dev')).toMatchObject({ code: 15 })
    expect(await refused('admin', 'promote', 'mock', 'v1.0.0', '--to', 'moon')).toMatchObject({ code: 15 })
    expect(await refused('admin', 'rollback', 'mock', 'prod', '--reason', 'it is bad')).toMatchObject({ code: 17 })
  })

  it('closes and opens promotion', async () => {
    const freeze = await json('admin', 'freeze', 'set', '--env', 'dev', '--reason', 'stocktaking', '--until', '2h')
    expect(await refused('admin', 'promote', 'mock', 'v1.0.0', '--to', 'dev')).toMatchObject({ code: 20, problem: { code: 'frozen' } })
    expect((await as('admin', 'freeze', 'list')).out).toContain('stocktaking')
    expect(await json('admin', 'freeze', 'lift', freeze.id)).toMatchObject({ state: 'lifted' })
    const stop = await json('admin', 'stop-the-line', '--incident', 'INC-1', '--reason', 'errors', '--app', 'mock')
    expect(stop).toMatchObject({ kind: 'stop_the_line', application: { slug: 'mock' } })
    await json('admin', 'freeze', 'lift', stop.id)
    const weekly = ['--weekly', 'fri 16:00 to mon 8:00', '--zone', 'Europe/Berlin', '--reason', 'nobody is here']
    const week = await json('admin', 'freeze', 'set', '--env', 'prod', ...weekly)
    expect(week).toMatchObject({ weekly: { timeZone: 'Europe/Berlin', closes: { day: 'fri', time: '16:00' }, opens: { day: 'mon', time: '08:00' } } })
    expect((await as('admin', 'freeze', 'list')).out).toContain('Fri 16:00 to Mon 08:00, Europe/Berlin')
    expect(await refused('admin', 'freeze', 'set', '--weekly', 'weekends', '--reason', 'x')).toMatchObject({ code: 10 })
    await json('admin', 'freeze', 'lift', week.id)
  })

  it('holds a place until it is lifted by name', async () => {
    await json('admin', 'hold', 'set', 'mock', 'dev', '--reason', 'looking into it')
    expect(await refused('admin', 'promote', 'mock', 'v1.0.0', '--to', 'dev')).toMatchObject({ code: 29, problem: { code: 'held' } })
    expect((await as('admin', 'hold', 'list')).out).toContain('looking into it')
    expect(await json('admin', 'hold', 'lift', 'mock', 'dev', '--reason', 'understood')).toMatchObject({ state: 'lifted', liftReason: 'understood' })
    expect(await refused('admin', 'hold', 'lift', 'mock', 'dev', '--reason', 'again')).toMatchObject({ code: 15 })
  })

  it('asks, shows the plan, and approves the digest that it showed; never by the one who asked', async () => {
    const policy = await json('admin', 'api', 'GET', '/tenants/{tenant}/environments/dev/policy')
    const document = { ...policy.document, gates: { ...policy.document.gates, approvals: { mode: 'block' } } }
    await json('admin', 'api', 'PUT', '/tenants/{tenant}/environments/dev/policy', JSON.stringify({ document, baseVersion: policy.version }))
    const asked = await json('admin', 'promote', 'mock', 'v1.0.0', '--to', 'dev', '--reason', 'to try it')
    expect(asked).toMatchObject({ state: 'requested', kind: 'deploy', reason: 'to try it' })
    expect(await refused('admin', 'promote', 'mock', 'v1.1.0', '--to', 'dev')).toMatchObject({ code: 17, problem: { code: 'conflict' } })
    const waiting = await as('admin', 'promotion', asked.id, '--wait', '--timeout', '0')
    expect(waiting).toMatchObject({ code: 3 })
    expect(waiting.err).toContain(`caisson approve ${asked.id}`)

    expect(await refused('admin', 'approve', asked.id, '--yes')).toMatchObject({ code: 21, problem: { code: 'own_request' } })
    expect((await as('manager', 'approvals')).out).toContain(asked.id)
    const declined = await as('manager', 'approve', asked.id)
    expect(declined).toMatchObject({ code: 10 })
    expect(declined.out).toContain(asked.planDigest)
    expect(declined.out).toContain('release: nothing → v1.0.0')
    const approved = await json('manager', 'approve', asked.id, '--yes', '--comment', 'read it')
    expect(approved.approvals).toMatchObject([{ decision: 'approved', planDigest: asked.planDigest, comment: 'read it' }])
    expect(await refused('manager', 'approve', asked.id, '--yes')).toMatchObject({ code: 17 })
    const followed = await as('admin', 'promotion', asked.id, '--wait')
    expect(followed).toMatchObject({ code: 0 })
    expect(followed.out).toMatch(/^completed after [0-9.]+ s\n$/)
  }, 300_000)

  it('S2.14: goes back to the last good release by one command, and tells how long it took', async () => {
    const newer = await json('admin', 'promote', 'mock', 'v1.1.0', '--to', 'dev')
    await json('manager', 'approve', newer.id, '--yes')
    expect(await as('admin', 'promotion', newer.id, '--wait')).toMatchObject({ code: 0 })
    expect((await as('manager', 'status', 'mock')).out).toMatch(/^dev +v1\.1\.0 +[0-9a-f]{12} +ready 1\/1/m)
    const back = await as('manager', 'rollback', 'mock', 'dev', '--reason', 'it answers too slowly', '--wait')
    expect(back).toMatchObject({ code: 0 })
    expect(back.err).toContain('Going back to v1.0.0')
    expect(back.out).toMatch(/^completed after/)
    expect(await json('manager', 'status', 'mock', 'dev')).toMatchObject({ now: { running: { release: 'v1.0.0', state: 'ready' } } })
    const lines = (await as('manager', 'logs', 'mock', 'dev', '--json')).out.trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { line: string }).line).join('\n')).toContain('wiremock.io')
    expect(await as('manager', 'scale', 'mock', 'dev', 'two')).toMatchObject({ code: 10 })

    const inWords = (await as('manager', 'status', 'mock', 'dev')).out
    expect(inWords).toMatch(/^application {2}Mock\b|^application {2}mock\b/)
    expect(inWords).toMatch(/^runs {9}v1\.0\.0 sha256:[0-9a-f]{64}$/m)
    expect(inWords).toMatch(/^address {6}http:\/\/127\.0\.0\.1:\d+$/m)
    expect(inWords).toMatch(/^REPLICA +COMPONENT +DIGEST +STATE +REASON +STARTED +DRIFT$/m)
    expect((await as('manager', 'status')).out).toBe((await as('manager', 'board')).out)

    // Follows until the replica has ended, and then ends by itself.
    const followed = as('manager', 'logs', 'mock', 'dev', '--follow')
    expect(await as('manager', 'stop', 'mock', 'dev', '--wait')).toMatchObject({ code: 0 })
    expect(await followed).toMatchObject({ code: 0, out: expect.stringContaining('wiremock.io') as string })
    expect((await as('manager', 'status', 'mock')).out).toMatch(/^dev +v1\.0\.0 +[0-9a-f]{12} +stopped/m)
  }, 300_000)

  it('tells how long recoveries took, what changed an environment, and what ran there at a time', async () => {
    const history = await json('manager', 'recoveries', 'mock')
    expect(history).toMatchObject({ verified: 1, items: [{ from: 'v1.1.0', release: 'v1.0.0', environment: 'dev', targetSeconds: 900 }] })
    expect((await as('manager', 'recoveries', 'mock')).out).toMatch(/half took at most [0-9.]+ s/)
    const timeline = await json('manager', 'timeline', 'dev', '--app', 'mock')
    const words = timeline.items.map((one: { words: string }) => one.words)
    expect(words).toEqual(expect.arrayContaining(['held', 'rolled back to v1.0.0, configuration r0', 'stopped']))
    const { at } = timeline.items.findLast((one: { promotion: unknown }) => one.promotion !== null)
    const then = new Date(Date.parse(at) + 1).toISOString()
    expect((await as('manager', 'timeline', 'dev', '--at', then)).out).toMatch(/^mock +v1\.0\.0 +[0-9a-f]{12} +r\d+ +\d/m)
  })

  it('rejects with a reason, supersedes by name and takes back', async () => {
    // The rollback left the place held.
    expect(await refused('admin', 'promote', 'mock', 'v1.1.0', '--to', 'dev')).toMatchObject({ code: 29, problem: { code: 'held' } })
    await json('admin', 'hold', 'lift', 'mock', 'dev', '--reason', 'v1.1.0 is quick enough now')
    const first = await json('admin', 'promote', 'mock', 'v1.1.0', '--to', 'dev')
    expect((await as('manager', 'reject', first.id)).code).toBe(10)
    expect(await json('manager', 'reject', first.id, '--reason', 'not today')).toMatchObject({ state: 'rejected' })
    const second = await json('admin', 'ask-again', first.id)
    const third = await json('admin', 'promote', 'mock', 'v1.1.0', '--to', 'dev', '--supersede', second.id)
    expect(await json('admin', 'cancel', third.id, '--reason', 'enough')).toMatchObject({ state: 'cancelled' })
    const list = await json('admin', 'promotions', '--app', 'mock', '--env', 'dev')
    expect(list.items.slice(0, 3).map(({ state }: { state: string }) => state)).toEqual(['cancelled', 'superseded', 'rejected'])
    expect(await refused('admin', 'cancel', third.id)).toMatchObject({ code: 17 })
  })
})

describe('looking', () => {
  it('shows the board and one application of it', async () => {
    const board = await as('admin', 'board')
    expect(board.out.split('\n')[0]).toMatch(/^APPLICATION +DEV +STAGING +PROD$/)
    expect(await json('admin', 'status', 'mock')).toMatchObject({ application: { slug: 'mock' }, cells: [{ environment: 'dev' }, {}, {}] })
    expect(await json('admin', 'status', 'mock', 'dev')).toMatchObject({ environment: { slug: 'dev' } })
    expect(await refused('admin', 'status', 'nope')).toMatchObject({ code: 15 })
    expect(await refused('manager', 'logs', 'mock', 'prod')).toMatchObject({ code: 15 })
  })

  it('finds refusals and acts in the log', async () => {
    const { entries } = await json('admin', 'audit', 'list', '--outcome', 'denied', '--text', 'tag_taken')
    expect(entries).toHaveLength(1)
    expect((await as('admin', 'audit', 'list', '--action', 'promotion.')).out).toContain('promotion.approved')
    const exported = await as('admin', 'audit', 'export')
    expect(JSON.parse(exported.out.split('\n')[0] ?? '')).toMatchObject({ type: 'caisson-audit-log' })
  })

  it('works with a token of the environment alone, within what the token may', async () => {
    const created = await json('admin', 'token', 'create', 'ci', '--can', 'tenant.read')
    const env = { CAISSON_URL: running.url, CAISSON_TOKEN: created.secret as string, XDG_CONFIG_HOME: join(folder, 'nobody') }
    expect(await running.caisson(['releases'], { env })).toMatchObject({ code: 0 })
    expect(await running.caisson(['promote', 'mock', 'v1.0.0', '--to', 'dev'], { env })).toMatchObject({ code: 13 })
    expect(await as('admin', 'token', 'revoke', created.id)).toMatchObject({ code: 0 })
    expect(await running.caisson(['releases'], { env })).toMatchObject({ code: 11 })
  })

  it('S1.3: examines the machine with everything down, and ends with 1 when something is missing', async () => {
    const env = {
      CAISSON_JAVA: join(folder, 'no-java'),
      DATABASE_URL: `postgres://127.0.0.1:${await freePort()}/none`,
      PORT: String(await freePort()),
    }
    const { code, out } = await running.caisson(['doctor', '--json'], { env })
    expect(code).toBe(1)
    const findings = JSON.parse(out) as { check: string; isOk: boolean; fix: string }[]
    expect(findings.filter(({ isOk }) => !isOk).map(({ check }) => check)).toEqual(['database', 'java'])
    expect(findings.every(({ isOk, fix }) => isOk === (fix === ''))).toBe(true)
  })
})

describe('a demo', () => {
  it('S3.27: has no place in production, and is for a platform admin alone', async () => {
    const production = { XDG_CONFIG_HOME: join(folder, 'admin'), CAISSON_URL: running.url, CAISSON_MODE: 'production' }
    expect(await running.caisson(['demo'], { env: production })).toMatchObject({ code: 13 })
    expect(await as('manager', 'demo')).toMatchObject({ code: 13 })
    expect(await json('admin', 'api', 'GET', '/platform/tenants')).toMatchObject({ items: [{ slug: 'main' }] })
  })
})

describe('on the machine of the server', () => {
  it('verifies the logs of the installation without being told where its database is', async () => {
    const verified = await running.caisson(['audit', 'verify', '--json'])
    expect(verified).toMatchObject({ code: 0 })
    expect(JSON.parse(verified.out)).toContainEqual(expect.objectContaining({ isOk: true }))
    const nowhere = await running.caisson(['audit', 'verify'], { env: { CAISSON_DATA: join(folder, 'nowhere') } })
    expect(nowhere).toMatchObject({ code: 15, out: '' })
    const down = await running.caisson(['audit', 'verify'], { env: { DATABASE_URL: `postgresql://me:secret@127.0.0.1:${await freePort()}/none` } })
    expect(down).toMatchObject({ code: 31, out: '' })
    expect(down.err).toContain('No PostgreSQL answers')
    expect(down.err).not.toContain('secret')
  })

  it('gives a person another password and ends their sessions', async () => {
    const reset = await running.caisson(['admin', 'reset-password', colleague.email])
    expect(reset).toMatchObject({ code: 0 })
    expect((await as('manager', 'whoami')).code).toBe(11)
    await signIn('manager', { ...colleague, password: reset.out.trim() })
    expect((await as('manager', 'whoami')).code).toBe(0)
    expect((await running.caisson(['admin', 'reset-password', 'nobody@northwind.test'])).code).toBe(15)
  })
})

describe('signing out', () => {
  it('ends the session on the server too', async () => {
    const file = join(folder, 'manager/caisson/credentials.json')
    const { token } = JSON.parse(readFileSync(file, 'utf8')) as { token: string }
    expect(await as('manager', 'logout')).toMatchObject({ code: 0 })
    const env = { CAISSON_URL: running.url, CAISSON_TOKEN: token }
    expect((await running.caisson(['whoami'], { env })).code).toBe(11)
  })
})
