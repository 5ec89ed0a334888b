// backup, restore, drill: on the machine of the installation, because the archive has everything in it.
import type { Command } from 'commander'
import { bytes, facts, note, say, time } from '#bin/cli/print'
import type { BackupView, RestoreReport } from '#lib/operations/backup'

interface SealedOptions {
  passphraseFile?: string
  json?: boolean
}

const secret = '\nThe passphrase is asked for, or read from --passphrase-file or CAISSON_BACKUP_PASSPHRASE_FILE. Without it nobody opens a backup.'

export function addOperations(program: Command): void {
  program
    .command('backup')
    .description(
      'write database, blobs and keys of the installation into one file under a passphrase; it may go on running; exit code 2 when a blob is damaged',
    )
    .requiredOption('--to <file>', 'the file; it must not be there yet')
    .option('--passphrase-file <file>', 'a file with the passphrase')
    .option('--json', 'print the record as JSON')
    .addHelpText('after', `\n  $ caisson backup --to /backups/caisson-2026-11-25.backup\n${secret}`)
    .action(async (options: SealedOptions & { to: string }) => {
      const { backUp } = await import('#bin/caisson/back-up')
      const backup = await backUp(options.to, options.passphraseFile)
      say(options.json ? JSON.stringify(backup, null, 2) : describeBackup(backup))
      if (backup.state !== 'completed') process.exitCode = 2
    })

  program
    .command('restore')
    .argument('<file>')
    .description(
      'bring a backup back into an empty installation (a new CAISSON_DATA, an empty DATABASE_URL), and verify it; exit code 2 when it does not verify',
    )
    .option('--passphrase-file <file>', 'a file with the passphrase')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', `\n  $ CAISSON_DATA=/srv/caisson caisson restore /backups/caisson-2026-11-25.backup\n${secret}`)
    .action(async (file: string, options: SealedOptions) => {
      const { restore } = await import('#bin/caisson/back-up')
      tell(await restore(file, options.passphraseFile, note), options)
    })

  program
    .command('drill')
    .argument('<file>')
    .description(
      'restore a backup in isolation, verify it, throw it away, and record the drill for the tenants in it; exit code 2 when it does not verify',
    )
    .option('--passphrase-file <file>', 'a file with the passphrase')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', `\n  $ caisson drill /backups/caisson-2026-11-25.backup\n${secret}`)
    .action(async (file: string, options: SealedOptions) => {
      const { drill } = await import('#bin/caisson/back-up')
      tell(await drill(file, options.passphraseFile, note), options)
    })
}

function tell(report: RestoreReport, { json }: SealedOptions): void {
  say(json ? JSON.stringify(report, null, 2) : describeReport(report))
  if (!report.isVerified) process.exitCode = 2
}

function describeBackup({ state, path, sizeBytes, digest, summary, outcome }: BackupView): string {
  return facts([
    ['backup', state],
    ['file', `${path}, ${bytes(sizeBytes)}`],
    ['sha256', digest],
    ['holds', summary ? `${summary.rows} rows, ${summary.blobs} blobs (${bytes(summary.blobBytes)}), ${summary.tenants} tenants` : ''],
    ['leaves out', summary ? Object.keys(summary.excluded).join(', ') : ''],
    ['but', outcome],
  ])
}

function describeReport({ createdAt, digest, checks, isVerified, tookMs }: RestoreReport): string {
  return [
    `${isVerified ? '✓' : '✗'} the backup of ${time(createdAt)} ${isVerified ? 'is restored and verified' : 'does not verify'}, after ${(tookMs / 1000).toFixed(1)} s`,
    `  ${digest}`,
    ...checks.map(({ name, isOk, words }) => `  ${isOk ? '✓' : '✗'} ${name}: ${words}`),
  ].join('\n')
}
