import { join, resolve } from 'node:path'
import { z } from 'zod'
import { Refusal } from '#lib/platform/refusal'

const postgresUrl = z
  .string()
  .refine(
    (text) => /^postgres(ql)?:/.test(text) && URL.canParse(text),
    'write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with %40 for @ and the like in a password',
  )

/** Every environment variable that Caisson reads; the README shows the same table. */
export const settingsSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000).describe('Port of pages, API and registry'),
  HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
  CAISSON_DATA: z.string().default('.caisson').describe('Directory of everything that Caisson keeps'),
  CAISSON_URL: z.url().optional().describe('Address that people and machines use; http://localhost:PORT when absent'),
  CAISSON_MODE: z
    .enum(['development', 'production'])
    .default('development')
    .describe('production refuses demo data, an open bind and switches that are for development'),
  CAISSON_ADMIN_EMAIL: z.email().default('admin@caisson.local').describe('First administrator, made once'),
  CAISSON_ADMIN_PASSWORD: z.string().min(12).optional().describe('Their password; generated and printed once when absent'),
  DATABASE_URL: postgresUrl.optional().describe('PostgreSQL ≥ 15; without it Caisson brings its own'),
  DATABASE_OWNER_URL: postgresUrl.optional().describe('Owner of the schema, for migrations, when it is another account'),
  BLOB_STORE: z.string().optional().describe('Directory of blobs; CAISSON_DATA/blobs when absent'),
  CAISSON_MAX_UPLOAD_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(2 * 1024 ** 3)
    .describe('Largest JAR that is taken'),
  CAISSON_BASE_IMAGE: z.string().default('').describe('Base of built images: a registry reference or oci:DIRECTORY; empty for none'),
  CAISSON_WEBHOOKS_TO_LOOPBACK: z.stringbool().default(false).describe('Let webhooks go to this machine, also over http: for development'),
  CAISSON_WEBHOOK_RETENTION_DAYS: z.coerce.number().int().min(1).max(3650).default(30).describe('How long deliveries of webhooks are kept, in days'),
  CAISSON_BACKUP_PASSPHRASE_FILE: z.string().optional().describe('File with the passphrase of backups that the pages ask for, and of daily ones'),
  CAISSON_BACKUP_DAILY_AT: z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time of day in UTC: HH:MM')
    .optional()
    .describe('When the worker makes a backup each day, HH:MM in UTC; none when absent'),
  CAISSON_BACKUP_KEEP: z.coerce.number().int().min(1).max(1000).default(7).describe('How many of the daily backups are kept'),
  CAISSON_ALLOW_PROCESS_RUNTIME: z.stringbool().default(false).describe('Allow local processes although the bind is not loopback'),
  CAISSON_SECRETS_KEY: z
    .string()
    .regex(/^(?!0+$)[0-9a-f]{64}$/i, '64 hexadecimal digits that were drawn at random: openssl rand -hex 32')
    .optional()
    .describe('Key-encryption key of secrets, 64 hexadecimal digits; a file below CAISSON_DATA/keys when absent'),
  CAISSON_SECRETS_KEY_PREVIOUS: z
    .string()
    .regex(/^(?!0+$)[0-9a-f]{64}$/i, '64 hexadecimal digits that were drawn at random: openssl rand -hex 32')
    .optional()
    .describe('The one before it, for the start after it changed'),
  CAISSON_JAVA: z.string().default('java').describe('Java that runs replicas of the process runtime'),
})

export type Settings = z.infer<typeof settingsSchema>

const names = Object.keys(settingsSchema.shape)
/** What was read last: parsing again at each path below the data directory would be most of the work of an audit entry. */
let known: { values: (string | undefined)[]; settings: Settings } | undefined

/** The settings of this process. Refuses with every wrong variable at once. */
export function readSettings(source: Record<string, string | undefined> = process.env): Settings {
  const values = names.map((name) => source[name])
  if (known && values.every((value, index) => value === known?.values[index])) return known.settings
  const present = Object.fromEntries(names.map((name, index) => [name, values[index]]).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = settingsSchema.safeParse(present)
  if (parsed.success) {
    known = { values, settings: parsed.data }
    return parsed.data
  }
  const words = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
  throw new Refusal('invalid_input', `These settings cannot be used: ${words}`, { fix: 'Correct the environment variables and start again.' })
}

/** Absolute path below the data directory. */
export function dataPath(...parts: string[]): string {
  return join(resolve(readSettings().CAISSON_DATA), ...parts)
}

/** Where people and machines reach this installation, without a slash at the end. */
export function publicUrl(settings: Settings = readSettings()): string {
  return (settings.CAISSON_URL ?? `http://localhost:${settings.PORT}`).replace(/\/$/, '')
}
