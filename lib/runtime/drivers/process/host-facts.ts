import { spawn } from 'node:child_process'
import { totalmem } from 'node:os'
import { hostJava } from '#lib/runtime/drivers/process/host-java'
import { launcherArguments, launcherEnvironment } from '#lib/runtime/drivers/process/launcher'
import type { HostFacts } from '#lib/runtime/runtime-facts'

/** How long what was seen of the launcher holds: it is a program of its own, and looking takes a start of it. */
const launcherHoldsMs = 60_000
const launcherLimitMs = 30_000
let launcher: { state: HostFacts['launcher']; at: number } | undefined

/** What this machine has for processes. */
export async function hostFacts(): Promise<HostFacts> {
  const [java, state] = await Promise.all([hostJava(), launcherState()])
  return { java: java ?? null, memoryMiB: memoryMiB(), launcher: state }
}

/** Of the container, where there is one that gives less than the machine has. */
function memoryMiB(): number {
  const limit = process.constrainedMemory()
  const bytes = limit > 0 ? Math.min(limit, totalmem()) : totalmem()
  return Math.floor(bytes / 1024 ** 2)
}

async function launcherState(): Promise<HostFacts['launcher']> {
  if (launcher?.state === 'ok' && performance.now() - launcher.at < launcherHoldsMs) return launcher.state
  const state = (await tryLauncher()) ? 'ok' : 'failed'
  launcher = { state, at: performance.now() }
  return state
}

/** Loads everything that a launcher is made of, and nothing more. */
function tryLauncher(): Promise<boolean> {
  return new Promise((done) => {
    const child = spawn(process.execPath, launcherArguments('--try'), { stdio: 'ignore', env: launcherEnvironment(), timeout: launcherLimitMs })
    child.once('error', () => done(false))
    child.once('exit', (code) => done(code === 0))
  })
}
