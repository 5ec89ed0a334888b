// The command line: what works on this machine, without a running server.
import { Command } from 'commander'
import { partsFrom, up } from '#bin/up/up'
import { resetPassword } from '#lib/access/commands/reset-password'
import { describeVerification, verifyAllLogs } from '#lib/audit/commands/verify-log'
import { closeDatabase } from '#lib/platform/database'
import { isRefusal, refusalCodes } from '#lib/platform/refusal'

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const program = new Command('caisson')
  .description('Seals a JAR once, raises the same digest from dev to prod, and proves what happened.')
  .showHelpAfterError()

program
  .command('up')
  .description('start everything: PostgreSQL (unless DATABASE_URL is set), pages and API, worker')
  .option('--services <list>', 'only these parts: web, worker')
  .action(async (options: { services?: string }) => up({ services: partsFrom(options.services), say }))

const admin = program.command('admin').description('acts of whoever has the machine; they need DATABASE_URL')
admin
  .command('reset-password <email>')
  .description('give a person a new password, shown once, and end their sessions')
  .action(async (email: string) => {
    const { password } = await resetPassword({ email })
    say(password)
  })

const audit = program.command('audit').description('the log that an outsider can check; needs DATABASE_URL and CAISSON_DATA')
audit
  .command('verify')
  .description('verify every log in full against its anchors; exit 1 on any finding')
  .option('--json', 'print the reports as JSON')
  .action(async (options: { json?: boolean }) => {
    const reports = await verifyAllLogs()
    say(options.json ? JSON.stringify(reports, null, 2) : reports.map(describeVerification).join('\n'))
    if (reports.some(({ isOk }) => !isOk)) process.exitCode = 1
  })

try {
  await program.parseAsync()
} catch (error) {
  if (!isRefusal(error)) throw error
  process.stderr.write(`${error.message}\n${error.fix === undefined ? '' : `${error.fix}\n`}`)
  process.exitCode = refusalCodes[error.code].exitCode
} finally {
  await closeDatabase()
}
