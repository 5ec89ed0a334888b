// What the tests need of a machine beyond `npm ci`: found where it is, installed where that is allowed, else asked for in words.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'

const browsers = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** Path of a browser: on the PATH, else Playwright's own, else Debian's. Ends the run with the command that helps when there is none. */
export function findBrowser(): string {
  const find = (): string | undefined => onPath(browsers) ?? [chromium.executablePath()].find((path) => existsSync(path))
  if (!find()) install('chromium')
  return find() ?? giveUp('The browser tests need Chromium: `sudo apt-get install chromium`, or `npx playwright install chromium`.')
}

/** Java 17 or newer on the PATH, which runs the JARs of the tests. */
export function demandJava(): void {
  if (javaVersion() < 17) install('openjdk-17-jre-headless')
  if (javaVersion() < 17) giveUp(`The tests need Java 17 or newer on the PATH; ${javaVersion() || 'none'} is there.`)
}

/** Debian packages; what went wrong is said by the script, and the run ends. */
function install(...packages: string[]): void {
  const { status } = spawnSync('bash', [join(import.meta.dirname, 'install.sh'), ...packages], { stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) process.exit(1)
}

/** 0 where there is none. */
function javaVersion(): number {
  const { stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' })
  return Number(/version "(?:1\.)?(\d+)/.exec(stderr ?? '')?.[1] ?? 0)
}

function onPath(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path))
}

function giveUp(words: string): never {
  console.error(words)
  process.exit(1)
}
