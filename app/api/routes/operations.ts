import { z } from 'zod'
import type { RouteTable } from '#app/api/route-spec'
import { runBackupInput } from '#lib/operations/backup'

const nothing = z.strictObject({})

export const operationRoutes = {
  'GET /api/v1/platform/backups': {
    permission: 'platform:backup.run',
    summary: 'Backups of the installation, newest first',
    input: nothing,
    status: 200,
  },
  'POST /api/v1/platform/backups': {
    permission: 'platform:backup.run',
    summary: 'Ask for a backup, made by the worker under the passphrase of the server',
    input: runBackupInput,
    status: 202,
  },
  'GET /api/v1/tenants/{tenant}/backups': {
    permission: 'tenant.read',
    summary: 'What backups hold of the tenant, and drills in which one was restored',
    input: nothing,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/diagnostics': {
    permission: 'tenant.read',
    summary: 'The parts of Caisson, and what waits or fails of the tenant; for platform admins the machine, the database and all tenants together',
    input: nothing,
    status: 200,
    servedBy: 'http',
  },
} as const satisfies RouteTable
