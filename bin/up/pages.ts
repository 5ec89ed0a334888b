// The pages are built on the first start, and again when their sources changed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tryLock } from '#bin/up/lock'

const root = join(import.meta.dirname, '../..')
const stamp = join(root, '.next/caisson-sources')
const lockFile = join(root, 'node_modules/.cache/caisson-pages.pid')

/** One build at a time: another start from the same folder waits for it, and then finds it done. */
export async function buildPagesWhenNeeded(say: (line: string) => void): Promise<void> {
  if (isBuilt(hashOfSources())) return
  for (let taken = tryLock(lockFile), isTold = false; ; taken = tryLock(lockFile)) {
    if ('unlock' in taken) return buildUnlessBuilt(say).finally(taken.unlock)
    if (!isTold) say(`Process ${taken.owner} builds the pages; waiting for it.`)
    isTold = true
    await sleep(500)
  }
}

async function buildUnlessBuilt(say: (line: string) => void): Promise<void> {
  const sources = hashOfSources()
  if (isBuilt(sources)) return
  say('Building the pages: this start takes about a minute, later ones a few seconds.')
  await run(process.execPath, [join(root, 'node_modules/next/dist/bin/next'), 'build'])
  writeFileSync(stamp, sources)
}

function isBuilt(sources: string): boolean {
  return existsSync(join(root, '.next/BUILD_ID')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === sources
}

function hashOfSources(): string {
  const hash = createHash('sha256')
  for (const file of ['app', 'components', 'lib', 'public'].flatMap(filesBelow).concat('package-lock.json', 'next.config.ts', 'postcss.config.mjs')) {
    if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

function filesBelow(folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
}

function run(command: string, args: string[]): Promise<void> {
  return new Promise((done, fail) => {
    const output: Buffer[] = []
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    })
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
    child.once('exit', (code) => (code === 0 ? done() : fail(new Error(`the pages could not be built:\n${Buffer.concat(output).toString()}`))))
  })
}
