import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, describe, expect, it } from 'vitest'
import { expectJar } from '#lib/builder/commands/build-image'
import { eventually } from '#lib/testing/eventually'
import { inspectJar } from '#lib/testing/inspect-jar'
import { bootJar, plainJar, zipOf } from '#lib/testing/zip'

const folder = mkdtempSync(join(tmpdir(), 'spare-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, bytes: Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

/** Process ids below one, as Linux tells them. */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
}

const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const program = `
  const { expectJar } = await import('#lib/builder/commands/build-image')
  for (let times = 0; times < 3; times += 1) expectJar(process.argv[1])
  console.log('waiting')
`

describe('the child that waits for a JAR', () => {
  it('reads one, says of it what another child would, and leaves nothing beside it', async () => {
    const before = childrenOf(process.pid)
    const jars = [write('plain.jar', zipOf(plainJar())), write('boot.jar', zipOf(bootJar())), write('bad.jar', Buffer.from('no zip'))]
    for (const jar of jars) {
      const alone = await inspectJar(jar).catch((error: unknown) => error)
      await eventually('that one has ended', () => childrenOf(process.pid).length === before.length)
      expectJar(folder)
      expectJar(folder)
      const [spare, ...more] = childrenOf(process.pid).filter((pid) => !before.includes(pid))
      expect(more).toEqual([])
      expect(await inspectJar(jar).catch((error: unknown) => error)).toEqual(alone)
      await eventually('it has ended', () => !isRunning(spare ?? 0))
    }
    expect(readdirSync(folder).toSorted()).toEqual(['bad.jar', 'boot.jar', 'plain.jar'])
  })

  it('is not used for a JAR of another folder', async () => {
    const jar = write('plain.jar', zipOf(plainJar()))
    const other = mkdtempSync(join(folder, 'other-'))
    expectJar(other)
    const [spare = 0] = childrenOf(process.pid).slice(-1)
    await inspectJar(jar)
    expect(isRunning(spare)).toBe(true)
    writeFileSync(join(other, 'a.jar'), zipOf(plainJar()))
    await inspectJar(join(other, 'a.jar'))
    await eventually('it has ended', () => !isRunning(spare))
  })

  it('keeps no process from ending, and ends with it', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
    expect([said, code]).toEqual(['waiting\n', 0])
  })

  it('ends with the process that it waits for, also when that is killed', async () => {
    const running = `${program}; setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', running, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    const [spare = 0, ...more] = childrenOf(child.pid ?? 0)
    expect([isRunning(spare), more]).toEqual([true, []])
    child.kill('SIGKILL')
    await once(child, 'exit')
    await eventually('it has ended', () => !isRunning(spare))
  })
})
