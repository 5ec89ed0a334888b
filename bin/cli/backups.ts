// backups: those of the installation, for platform admins over the API. Making a file by hand: caisson backup.
import type { Command } from 'commander'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { bytes, show, table, time } from '#bin/cli/print'
import type { BackupListView, BackupView } from '#lib/operations/backup'

export function addBackups(program: Command): void {
  const backups = program.command('backups').description('backups of the installation, and the daily one')
  overApi(backups.command('list').description('every backup, newest first, and when the next is due'), async (api, options: CommonOptions) => {
    const list = await api.call<BackupListView>('GET', '/platform/backups')
    show(options, list, () => [scheduleWords(list), ...(list.items.length === 0 ? [] : [listTable(list)])].join('\n\n'))
  })
  overApi(
    backups
      .command('run')
      .description('have the worker make one now, under the passphrase of the server')
      .addHelpText('after', '\n  $ caisson backups run && caisson backups list'),
    async (api, options: CommonOptions) => {
      const asked = await api.call<BackupView>('POST', '/platform/backups', {})
      show(options, asked, () => 'Asked for; see `caisson backups list`.')
    },
  )
}

function scheduleWords({ schedule }: BackupListView): string {
  if (!schedule) return 'None is made by itself: set CAISSON_BACKUP_DAILY_AT on the server.'
  return `One each day at ${schedule.dailyAt} UTC, the newest ${schedule.keep} kept; the next at ${time(schedule.next)}.`
}

function listTable({ items }: BackupListView): string {
  return table(
    ['ASKED FOR', 'STATE', 'SIZE', 'FILE', 'NOTE'],
    items.map((one) => [time(one.requestedAt), one.state, one.sizeBytes === 0 ? '' : bytes(one.sizeBytes), one.path, one.outcome]),
  )
}
