// What a journey finds when it begins, and the faults that befall it: through the API, or by force, never by a page.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import pg from 'pg'
import { embeddedUrl } from '#lib/platform/postgres/embedded'
import type { DeploymentView } from '#lib/readiness/deployment'
import type { RolloutView } from '#lib/rollouts/rollout'
import { pidsWhere } from '#lib/testing/caisson-tree'
import { addPerson, adminEmail, Api, startCaisson, type Caisson } from './caisson.ts'

export const emails = {
  admin: adminEmail,
  approver: 'approver@northwind.test',
  sre: 'sre@northwind.test',
  owner: 'owner@northwind.test',
  auditor: 'auditor@northwind.test',
}
export const environments = ['dev', 'staging', 'prod'] as const
/** Small and quick to start: many run at the same time. */
const light = { jvmArguments: ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx64m'], strategy: { maxUnavailable: 0, maxSurge: 1 } }

interface ReplicaRecord {
  replicaId: string
  process: { pid: number } | null
}

export class Stage {
  readonly caisson: Caisson
  readonly admin: Api
  readonly approver: Api
  /** For files that come out of it. */
  readonly folder: string

  private constructor(caisson: Caisson, folder: string, admin: Api, approver: Api) {
    this.caisson = caisson
    this.folder = folder
    this.admin = admin
    this.approver = approver
  }

  static async open(): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'caisson-journeys-'))
    const passphrase = join(folder, 'passphrase')
    writeFileSync(passphrase, 'nine words that nobody else would ever think of', { mode: 0o600 })
    const caisson = await startCaisson({ CAISSON_BACKUP_PASSPHRASE_FILE: passphrase })
    try {
      const admin = await Api.signIn(caisson.url, emails.admin)
      await addPerson(caisson.url, admin, emails.approver, ['approver'])
      await addPerson(caisson.url, admin, emails.sre, ['sre'])
      await addPerson(caisson.url, admin, emails.owner, ['evidence_owner'])
      await addPerson(caisson.url, admin, emails.auditor, ['auditor'])
      return new Stage(caisson, folder, admin, await Api.signIn(caisson.url, emails.approver))
    } catch (error) {
      await caisson.stop()
      throw error
    }
  }

  async close(): Promise<void> {
    await this.caisson.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** An application of WireMock that runs so often in prod, and once elsewhere. */
  async furnish(slug: string, inProd: number, probe = { path: '/__admin/health', startPeriodMs: 60_000 }): Promise<void> {
    await this.admin.send('POST', '/tenants/main/applications', { slug, name: `${slug[0]?.toUpperCase()}${slug.slice(1)}` })
    const spec = { arguments: ['--port', '${PORT}'], readiness: { kind: 'http', intervalMs: 300, ...probe }, stopTimeoutMs: 2000 }
    await this.admin.send('PUT', `/tenants/main/applications/${slug}/components/app/spec`, { spec })
    for (const environment of environments) {
      const document = { ...light, replicas: environment === 'prod' ? inProd : 1 }
      await this.admin.send('POST', `/tenants/main/applications/${slug}/config-revisions`, { environment, expected: 0, document })
    }
  }

  /** Asks for a release in one environment, and has it approved by another person where that is asked for. */
  async ask(application: string, environment: string, release: string): Promise<string> {
    const asked = await this.admin.send<{ id: string; planDigest: string; state: string }>('POST', '/tenants/main/promotions', {
      application,
      environment,
      release,
    })
    if (asked.state === 'requested') {
      await this.approver.send('POST', `/tenants/main/promotions/${asked.id}/approvals`, { planDigest: asked.planDigest })
    }
    return asked.id
  }

  /** Takes a release through every environment. */
  async raise(application: string, release: string): Promise<void> {
    for (const environment of environments) {
      const id = await this.ask(application, environment, release)
      await expect.poll(() => this.stateOf(id), { timeout: 300_000 }).toBe('completed')
    }
  }

  async stateOf(promotion: string): Promise<string> {
    return (await this.admin.send<{ state: string }>('GET', `/tenants/main/promotions/${promotion}`)).state
  }

  rollout(promotion: string): Promise<RolloutView> {
    return this.admin.send<RolloutView>('GET', `/tenants/main/promotions/${promotion}/rollout`)
  }

  deployment(environment: string, application: string): Promise<DeploymentView> {
    return this.admin.send<DeploymentView>('GET', `/tenants/main/environments/${environment}/applications/${application}/deployment`)
  }

  /** Turns a gate of an environment to block, or off. */
  async setGate(environment: string, gate: string, mode: 'block' | 'off'): Promise<void> {
    const path = `/tenants/main/environments/${environment}/policy`
    const { version, document } = await this.admin.send<{ version: number; document: { gates: Record<string, unknown> } }>('GET', path)
    const gates = { ...document.gates, [gate]: { mode } }
    await this.admin.send('PUT', path, { baseVersion: version, document: { ...document, gates }, reason: `${gate}: ${mode}` })
  }

  /** As somebody with every right on the database, whom no trigger holds. */
  async bySuperuser<T extends pg.QueryResultRow>(sql: string): Promise<T[]> {
    const url = embeddedUrl(join(this.caisson.dataDir, 'postgres'), join(this.caisson.dataDir, 'postgres.port'))
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      await client.query("set session_replication_role = 'replica'")
      return (await client.query<T>(sql)).rows
    } finally {
      await client.end()
    }
  }

  /** The software of a replica does nothing any more, and does not end either. */
  hang(replica: string): void {
    const records = readdirSync(this.caisson.dataDir, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('state.json'))
      .map((path) => JSON.parse(readFileSync(join(this.caisson.dataDir, path), 'utf8')) as Partial<ReplicaRecord>)
    const pid = records.find(({ replicaId }) => replicaId === replica)?.process?.pid
    if (pid === undefined) throw new Error(`no process of ${replica} is known`)
    process.kill(pid, 'SIGSTOP')
  }

  killWorker(): void {
    const own = `CAISSON_DATA=${this.caisson.dataDir}\0`
    const pids = pidsWhere(({ cmdline, environ }) => cmdline.includes('bin/worker.ts') && environ.includes(own))
    expect(pids).toHaveLength(1)
    for (const pid of pids) process.kill(pid, 'SIGKILL')
  }

  /** `caisson audit verify FILE`, on a machine that has nothing but the file. */
  verify(file: string): { status: number | null; output: string } {
    const own = Object.entries(process.env).filter(([name]) => !/^(CAISSON_|DATABASE_)/.test(name))
    const env = Object.fromEntries(own) as NodeJS.ProcessEnv
    const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/caisson.mjs', 'audit', 'verify', file], { encoding: 'utf8', env })
    return { status, output: stdout + stderr }
  }
}
