// Who one is on which installation, kept between commands where nobody else of the machine reads it.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

export interface Credentials {
  url: string
  token: string
  email: string
  /** '' until one was chosen. */
  tenant: string
}

export function credentialsFile(): string {
  return join(process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'caisson', 'credentials.json')
}

/** undefined when nobody signed in, or the file is no longer readable as one of ours. */
export function readCredentials(): Credentials | undefined {
  const file = credentialsFile()
  if (!existsSync(file)) return undefined
  try {
    const { url, token, email, tenant } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    if (typeof url !== 'string' || typeof token !== 'string') return undefined
    return { url, token, email: typeof email === 'string' ? email : '', tenant: typeof tenant === 'string' ? tenant : '' }
  } catch {
    return undefined
  }
}

/** Written beside and renamed, so that it is never half there, and mode 600 from its first byte. */
export function writeCredentials(credentials: Credentials): void {
  const file = credentialsFile()
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const fresh = `${file}.${process.pid}`
  writeFileSync(fresh, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 })
  renameSync(fresh, file)
}

export function forgetCredentials(): void {
  rmSync(credentialsFile(), { force: true })
}
