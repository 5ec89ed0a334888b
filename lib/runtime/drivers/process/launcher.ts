// How the launcher of a replica is started.
import { join } from 'node:path'

/** @param folder of the replica, or `--try` */
export function launcherArguments(folder: string): string[] {
  return ['--max-old-space-size=64', '--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'launcher-child.ts'), folder]
}

/** Nothing of this process: neither its settings nor what it was given. */
export function launcherEnvironment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  return { NODE_ENV: 'production', PATH: process.env['PATH'] ?? '', ...more }
}
