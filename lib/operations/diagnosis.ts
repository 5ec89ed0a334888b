// What is looked at when something does not work: facts in, one state word and what to do out. Pages, API and `caisson doctor`
// judge by it.

export const checkStates = ['ok', 'attention', 'down', 'unknown'] as const
export type CheckState = (typeof checkStates)[number]

export interface DiagnosticCheck {
  id: string
  name: string
  state: CheckState
  /** What was found, as a sentence without its full stop. */
  says: string
  /** What to do; '' when it is well. */
  fix: string
}

export interface DiagnosisView {
  /** By the server's clock. */
  at: string
  checks: DiagnosticCheck[]
  /** Name and value; empty for whoever may not look at the installation. */
  versions: { name: string; value: string }[]
  /** Everything of the installation was looked at, not only what concerns the tenant. */
  isWhole: boolean
  /** All of it as text, for a report of a fault: no address, no path, no secret. */
  text: string
}

/** Of the machine and the database of the installation. */
export interface InstallationFacts {
  database: { answerMs: number; connections: number; mostConnections: number }
  /** The database's clock less ours. */
  clockDifferenceMs: number
  /** Silence of the worker that was heard last; null: none in the last hour. */
  heartbeatMs: number | null
  workers: number
  /** Bytes were written, read back and found the same; a code of the system when not. */
  blobStore: { probe: string; freeBytes: number; totalBytes: number }
  disk: { freeBytes: number; totalBytes: number }
  /** Logs whose sealing stands still because of what was found. */
  haltedLogs: number
}

/** Of one tenant, or of all together. */
export interface WorkFacts {
  sealing: { waiting: number; oldestMs: number }
  jobs: { ready: number; oldestReadyMs: number; running: number; later: number; failing: { task: string; count: number }[]; dead: number }
  webhooks: { pending: number; oldestMs: number; dead: number }
  newestBackupMs: number | null
}

const words: Record<string, readonly [says: string, fix: string]> = {
  postgres_unreachable: ['the database does not answer', 'Look at the output of `caisson up`; with DATABASE_URL, start that server.'],
  migrations_pending: ['the schema is older than this program', 'Start `caisson up` again: it migrates first.'],
  init_incomplete: ['the first start did not complete', 'Start `caisson up` again.'],
  worker_down: [
    'no worker was heard for ten seconds',
    'Look at the output of `caisson up`, which starts it again; or start one: `caisson up --services worker`.',
  ],
  java_missing: ['the machine of the worker has no Java that answers', 'Install Java 17 or newer there, or name one with CAISSON_JAVA.'],
  launcher_failed: ['what keeps a replica running does not start', 'Run `caisson doctor` on the machine of the worker.'],
  down: ['it does not answer', 'Look at the output of `caisson up`, which starts it again; or start one: `caisson up --services gateway`.'],
  port_taken: [
    'something else listens where an application has its address',
    'End what listens there: the log of the gateway names the port. It is tried again every second.',
  ],
}

/** What a code of `/ready` says of a part and what would mend it. */
export function describeCode(part: string, code: string): readonly [says: string, fix: string] {
  return words[code] ?? [`${code}: nothing is known of it`, `Mend the other parts first; then look at the output of the ${part}.`]
}

const serviceNames: Record<string, string> = {
  postgres: 'Database',
  schema: 'Schema',
  init: 'Initialisation',
  worker: 'Worker',
  runtime: 'Runtime',
  gateway: 'Gateway',
}
const good: Record<string, string> = {
  postgres: 'it answers',
  schema: 'every migration of this program is applied',
  init: 'the first start completed',
  worker: 'it was heard within ten seconds',
  runtime: 'Java and the launcher of replicas answer',
  gateway: 'it answers, and every address of an application is its own',
}

/** The codes of `/ready`, part by part. */
export function judgeServices(codes: Readonly<Record<string, string>>): DiagnosticCheck[] {
  return Object.entries(codes).map(([part, code]) => {
    const check = { id: part, name: serviceNames[part] ?? part }
    if (code === 'ok') return { ...check, state: 'ok', says: good[part] ?? 'it answers', fix: '' }
    const [says, fix] = describeCode(part, code)
    return { ...check, state: code === 'unknown' ? 'unknown' : 'down', says, fix }
  })
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const slowDatabaseMs = 250
const slowHeartbeatMs = 6 * second
const clockToleranceMs = 2 * second
const lateSealingMs = 5 * second
const lateJobMs = 30 * second
const lateDeliveryMs = 2 * minute
const oldBackupMs = 36 * hour

/** Below it Caisson may stop in the middle of an upload or a backup; below the second figure it is about to. */
export const roomBytes = { enough: 2 * 1024 ** 3, last: 256 * 1024 ** 2 }

/** A disk by what is free on it. */
export function judgeSpace(id: string, name: string, freeBytes: number, totalBytes: number): DiagnosticCheck {
  const says = `${sizeWords(freeBytes)} of ${sizeWords(totalBytes)} free`
  if (freeBytes >= roomBytes.enough) return { id, name, state: 'ok', says, fix: '' }
  const fix = `Make room for ${sizeWords(roomBytes.enough)}: prune the registry, move backups away, or give it a bigger disk.`
  return { id, name, state: freeBytes < roomBytes.last ? 'down' : 'attention', says: `only ${says}`, fix }
}

/** Of the installation: what only its admins see. */
export function judgeInstallation(facts: InstallationFacts): DiagnosticCheck[] {
  const { database, blobStore, heartbeatMs, workers, clockDifferenceMs, haltedLogs } = facts
  const share = database.connections / Math.max(1, database.mostConnections)
  const probe = `a probe was written and read back, ${sizeWords(blobStore.freeBytes)} free`
  const failed = `a probe could not be written and read back (${blobStore.probe})`
  return [
    check('database-speed', 'Database, answer', database.answerMs > slowDatabaseMs && 'attention', `it answers in ${database.answerMs} ms`, {
      fix: 'Look at the load and the disk of the database.',
    }),
    check('connections', 'Database, connections', share > 0.85 && 'attention', `${database.connections} of ${database.mostConnections} in use`, {
      fix: 'Raise max_connections, or stop what else uses this database.',
    }),
    check('clock', 'Clock', Math.abs(clockDifferenceMs) > clockToleranceMs && 'attention', clockWords(clockDifferenceMs), {
      fix: 'Let both machines follow the same time (NTP): closed times, approvals and certificates count by the clock.',
    }),
    check(
      'heartbeat',
      'Worker, heartbeat',
      heartbeatMs === null ? 'down' : heartbeatMs > slowHeartbeatMs && 'attention',
      heartbeatWords(heartbeatMs, workers),
      {
        fix: 'Look at the output of `caisson up` and at the load of the worker.',
      },
    ),
    check('blob-store', 'Blob store', blobStore.probe !== 'ok' && 'down', blobStore.probe === 'ok' ? probe : failed, {
      fix: 'Look at the owner, the mount and the room of the folder of blobs.',
    }),
    judgeSpace('blob-space', 'Blob store, space', blobStore.freeBytes, blobStore.totalBytes),
    judgeSpace('disk', 'Data directory, space', facts.disk.freeBytes, facts.disk.totalBytes),
    check(
      'halted-logs',
      'Audit logs',
      haltedLogs > 0 && 'down',
      haltedLogs === 0 ? 'nothing was found in any of them' : `${counted(haltedLogs, 'log')} with findings`,
      {
        fix: 'Run `caisson audit verify` on the server, and keep what it says.',
      },
    ),
  ]
}

/** What waits, fails or is late; of a tenant or of the whole installation. */
export function judgeWork({ sealing, jobs, webhooks, newestBackupMs }: WorkFacts): DiagnosticCheck[] {
  const failing = jobs.failing.map(({ task, count }) => `${task} (${count})`).join(', ')
  return [
    check(
      'sealing',
      'Audit sealing',
      sealing.oldestMs > lateSealingMs && 'attention',
      sealing.waiting === 0
        ? 'every entry is sealed'
        : `${counted(sealing.waiting, 'entry', 'entries')} to seal, the oldest for ${spanWords(sealing.oldestMs)}`,
      {
        fix: 'See that a worker runs. Entries are kept meanwhile; their place in the chain comes later.',
      },
    ),
    check('jobs', 'Jobs, waiting', jobs.oldestReadyMs > lateJobMs && 'attention', queueWords(jobs), {
      fix: 'See that a worker runs, and that its machine is not overloaded.',
    }),
    check(
      'failed-jobs',
      'Jobs, failed',
      jobs.dead > 0 ? 'down' : jobs.failing.length > 0 && 'attention',
      failing === '' ? 'none' : `${failing}${jobs.dead > 0 ? `; ${jobs.dead} given up` : '; each is tried again'}`,
      {
        fix: 'Look for the task in the log of the worker; the promotion or rollout that it belongs to can be asked for again.',
      },
    ),
    check('webhooks', 'Webhooks', (webhooks.oldestMs > lateDeliveryMs || webhooks.dead > 0) && 'attention', deliveryWords(webhooks), {
      fix: 'Look at the deliveries in the settings of the webhook: the answer of the receiver is there. A dead one can be sent again.',
    }),
    check(
      'backup',
      'Backup',
      (newestBackupMs === null || newestBackupMs > oldBackupMs) && 'attention',
      newestBackupMs === null ? 'there never was one' : `the newest is ${spanWords(newestBackupMs)} old`,
      {
        fix: 'Run `caisson backup --to FILE` on the server, and keep the file on another machine.',
      },
    ),
  ]
}

/** The state that counts: one that is down before one that is unknown before one to look at. */
export function worstOf(checks: readonly DiagnosticCheck[]): CheckState {
  return (['down', 'unknown', 'attention'] as const).find((state) => checks.some((one) => one.state === state)) ?? 'ok'
}

/** As text that somebody can paste into a report. */
export function diagnosisText({ at, checks, versions }: Omit<DiagnosisView, 'text'>): string {
  const marks: Record<CheckState, string> = { ok: 'ok       ', attention: 'attention', down: 'DOWN     ', unknown: 'unknown  ' }
  return [
    `Caisson diagnostics, ${at}`,
    ...versions.map(({ name, value }) => `${name}: ${value}`),
    ...checks.map(({ name, state, says }) => `${marks[state]} ${name}: ${says}`),
  ].join('\n')
}

function check(id: string, name: string, bad: CheckState | false, says: string, { fix }: { fix: string }): DiagnosticCheck {
  return bad === false ? { id, name, state: 'ok', says, fix: '' } : { id, name, state: bad, says, fix }
}

function clockWords(ms: number): string {
  const apart = Math.abs(ms)
  if (apart < 100) return 'the database and this process agree'
  return `the database is ${spanWords(apart)} ${ms > 0 ? 'ahead' : 'behind'}`
}

function heartbeatWords(ms: number | null, workers: number): string {
  return ms === null ? 'no worker was heard' : `${counted(workers, 'worker')}, heard ${spanWords(ms)} ago`
}

function queueWords({ ready, oldestReadyMs, running, later }: WorkFacts['jobs']): string {
  const rest = `${running} running, ${later} for later`
  return ready === 0 ? `none waits, ${rest}` : `${ready} wait, the oldest for ${spanWords(oldestReadyMs)}, ${rest}`
}

function deliveryWords({ pending, oldestMs, dead }: WorkFacts['webhooks']): string {
  if (pending === 0 && dead === 0) return 'nothing waits to be delivered'
  const waiting = pending === 0 ? 'nothing waits' : `${pending} wait, the oldest for ${spanWords(oldestMs)}`
  return dead === 0 ? waiting : `${waiting}; ${dead} dead within a day`
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

function spanWords(ms: number): string {
  if (ms < second) return `${Math.round(ms)} ms`
  if (ms < 2 * minute) return `${(ms / second).toFixed(1)} s`
  if (ms < 2 * hour) return `${Math.round(ms / minute)} min`
  return ms < 48 * hour ? `${Math.round(ms / hour)} h` : `${Math.round(ms / (24 * hour))} days`
}

function sizeWords(bytes: number): string {
  return bytes < 1024 ** 3 ? `${Math.round(bytes / 1024 ** 2)} MiB` : `${(bytes / 1024 ** 3).toFixed(1)} GiB`
}
