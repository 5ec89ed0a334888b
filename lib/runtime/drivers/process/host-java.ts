import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { readSettings } from '#lib/platform/settings'

export interface HostJava {
  /** 17 for 17.0.15, 8 for 1.8.0. */
  level: number
  version: string
}

const run = promisify(execFile)
/** It may be replaced while Caisson runs. */
const holdsMs = 60_000
let known: { command: string; java: HostJava; at: number } | undefined

/** The Java that `CAISSON_JAVA` names; undefined when there is none. Asked once a minute when it answers. */
export async function hostJava(): Promise<HostJava | undefined> {
  const command = readSettings().CAISSON_JAVA
  if (known?.command === command && performance.now() - known.at < holdsMs) return known.java
  try {
    const { stderr, stdout } = await run(command, ['-version'], { timeout: 30_000, env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production' } })
    const java = parseJavaVersion(stderr + stdout)
    if (java) known = { command, java, at: performance.now() }
    return java
  } catch {
    return undefined
  }
}

/** Of the first line of `java -version`: `openjdk version "17.0.15" 2025-04-15`. */
export function parseJavaVersion(text: string): HostJava | undefined {
  const version = /version "([^"]+)"/.exec(text)?.[1]
  const match = /^(?:1\.)?(\d+)/.exec(version ?? '')
  return version && match ? { version, level: Number(match[1]) } : undefined
}
