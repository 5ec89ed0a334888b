import { accepted, door, ok } from '#app/api/door'
import { requestBackup } from '#lib/operations/commands/request-backup'
import { listBackups } from '#lib/operations/queries/list-backups'

export const GET = door('GET /api/v1/platform/backups', async (ctx) => ok(await listBackups(ctx)))

export const POST = door('POST /api/v1/platform/backups', async (ctx) => accepted(await requestBackup(ctx)))
