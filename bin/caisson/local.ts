// up, doctor, admin, audit verify: what works on this machine, without a running server.
import type { Command } from 'commander'
import { note, say } from '#bin/cli/print'

/** Adds them, and gives the `audit` command for what is read over the API. */
export function addLocal(program: Command): Command {
  program
    .command('up')
    .description('start everything: PostgreSQL (unless DATABASE_URL is set), pages and API, worker, gateway')
    .option('--services <list>', 'only these parts: web, worker, gateway')
    .action(async (options: { services?: string }) => {
      const { partsFrom, up } = await import('#bin/up/up')
      await withDatabase(() => up({ services: partsFrom(options.services), say }))
    })

  program
    .command('doctor')
    .description('look for what is missing on this machine, and say how to get it; exit code 1 when something is')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', '\nWorks with everything down. Of a server that runs, `caisson diagnostics` tells more.')
    .action(async (options: { json?: boolean }) => {
      const { describeFinding, examine } = await import('#bin/cli/doctor')
      const findings = await examine()
      say(options.json ? JSON.stringify(findings, null, 2) : findings.map(describeFinding).join('\n'))
      const bad = findings.filter(({ isOk }) => !isOk).length
      if (bad > 0) process.exitCode = 1
      if (!options.json) note(bad === 0 ? 'Everything that Caisson needs is here.' : `${bad} of ${findings.length} to mend.`)
    })

  const admin = program.command('admin').description('acts of whoever has the machine, on the database of the installation')
  admin
    .command('reset-password')
    .argument('<email>')
    .description('give a person a new password, shown once, and end their sessions')
    .action(async (email: string) => {
      const { resetPassword } = await import('#lib/access/commands/reset-password')
      await onDatabase(async () => say((await resetPassword({ email })).password))
    })

  admin
    .command('rotate-secrets-key')
    .description('make a new key-encryption key and wrap the data key of every tenant by it; secrets themselves are not sealed again')
    .action(async () => {
      const { rotateSecretsKey } = await import('#lib/configuration/commands/rotate-key')
      const { createContext, systemActor } = await import('#lib/platform/context')
      await withDatabase(async () => {
        const { kekId, rewrapped } = await rotateSecretsKey(createContext({ actor: systemActor('admin') }))
        say(`The key ${kekId} counts now; ${rewrapped} ${rewrapped === 1 ? 'data key is' : 'data keys are'} wrapped by it.`)
      })
    })

  const audit = program.command('audit').description('the log that an outsider can check')
  audit
    .command('verify')
    .argument('[file]', 'an export of the log (JSONL or CSV) or of changes: checked by itself, on any machine')
    .description(
      'verify every log in full against its anchors, on the database and CAISSON_DATA of the installation; with a file, that file alone; exit code 1 on any finding',
    )
    .option('--key <line|file>', 'of a file: the verifier line that you kept; without it the file vouches for itself')
    .option('--checkpoint <file...>', 'of a file: signed checkpoints that you kept')
    .option('--json', 'print the reports as JSON')
    .addHelpText('after', '\n  $ caisson audit verify\n  $ caisson audit verify audit.jsonl --key kept.vkey --checkpoint kept.checkpoint')
    .action(async (file: string | undefined, options: VerifyOptions) => {
      if (file !== undefined) {
        const { describeFile, verifyFile } = await import('#bin/caisson/verify-file')
        const result = await verifyFile(file, options)
        say(options.json ? JSON.stringify(result, null, 2) : describeFile(file, result))
        if (!result.isOk) process.exitCode = 1
        return
      }
      const { describeVerification, verifyAllLogs } = await import('#lib/audit/commands/verify-log')
      await onDatabase(async () => {
        const reports = await verifyAllLogs()
        say(options.json ? JSON.stringify(reports, null, 2) : reports.map(describeVerification).join('\n'))
        if (reports.some(({ isOk }) => !isOk)) process.exitCode = 1
      })
    })
  return audit
}

interface VerifyOptions {
  key?: string
  checkpoint?: string[]
  json?: boolean
}

async function withDatabase(act: () => Promise<void>): Promise<void> {
  const { closeDatabase } = await import('#lib/platform/database')
  try {
    await act()
  } finally {
    await closeDatabase()
  }
}

/** On the database of this installation: DATABASE_URL, or the one that `caisson up` keeps in CAISSON_DATA. */
async function onDatabase(act: () => Promise<void>): Promise<void> {
  const { reachDatabase } = await import('#bin/caisson/reach-database')
  await reachDatabase()
  await withDatabase(act)
}
