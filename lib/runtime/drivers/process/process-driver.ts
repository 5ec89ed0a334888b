// Replicas as processes of this machine, without containers and without isolation (docs/decisions/0020).
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '#lib/platform/refusal'
import { readSettings } from '#lib/platform/settings'
import type { DesiredComponent, DesiredState, ObservedReplica, RuntimeDriver, RuntimeStep, RuntimeTarget } from '#lib/runtime/driver'
import { commandLineOf } from '#lib/runtime/drivers/process/command-line'
import { admitToken, endedFolder, foldersIn, replicaFolder, targetFolder } from '#lib/runtime/drivers/process/folders'
import { hostFacts } from '#lib/runtime/drivers/process/host-facts'
import { hostJava } from '#lib/runtime/drivers/process/host-java'
import { imageFolder } from '#lib/runtime/drivers/process/image-folder'
import { launcherArguments, launcherEnvironment } from '#lib/runtime/drivers/process/launcher'
import { isAlive, signalProcess } from '#lib/runtime/drivers/process/processes'
import { fileNames, readJson, writeJson, type Delivery, type Intent, type ReplicaRecord } from '#lib/runtime/drivers/process/records'
import { hasLog, readLog, type ReadLogOptions } from '#lib/runtime/drivers/process/replica-logs'
import { isOver, observeFolder } from '#lib/runtime/drivers/process/replica-state'
import { forgetSeal, sealTree } from '#lib/runtime/drivers/process/seal'
import type { ImageSource } from '#lib/runtime/image-source'
import type { SecretSource } from '#lib/runtime/secret-source'
import { renderManifests } from '#lib/runtime/render-manifests'
import { mayRun } from '#lib/runtime/runtime-facts'

/** How long a launcher may take to say that it is there. */
const launchLimitMs = 30_000
/** Beyond the time that the software itself was given. */
const stopGraceMs = 15_000
const keptLogs = 10
const pollMs = 50

type Start = Extract<RuntimeStep, { act: 'start' }>
type Stop = Extract<RuntimeStep, { act: 'stop' }>
type Acceptance = Awaited<ReturnType<RuntimeDriver['accepts']>>

export class ProcessDriver implements RuntimeDriver {
  readonly kind = 'process'
  readonly #images: ImageSource
  readonly #secrets: SecretSource

  constructor(images: ImageSource, secrets: SecretSource) {
    this.#images = images
    this.#secrets = secrets
  }

  async check(): ReturnType<RuntimeDriver['check']> {
    if (await hostJava()) return { isAvailable: true }
    const { CAISSON_JAVA: java } = readSettings()
    return {
      isAvailable: false,
      reason: `There is no Java here: ${java} does not answer.`,
      fix: 'Install Java 17 or newer, or name it with CAISSON_JAVA.',
    }
  }

  async accepts({ name, spec }: DesiredComponent, { javaLevel }: { javaLevel: number | null }): Promise<Acceptance> {
    const verdict = mayRun(this.kind, await hostFacts(), [{ name, javaLevel, memoryMiB: spec.memoryMiB }])
    return verdict.allowed ? { accepted: true } : { accepted: false, reason: verdict.reason, fix: verdict.fix ?? '' }
  }

  render(desired: DesiredState): string {
    return renderManifests(this.kind, desired)
  }

  async prepare({ target, components }: DesiredState, signal: AbortSignal): Promise<void> {
    for (const component of components) await this.#image(target, component, signal)
  }

  async apply(step: RuntimeStep, { fencingToken, signal }: { fencingToken: bigint; signal: AbortSignal }): Promise<void> {
    admit(step.target, fencingToken)
    if (step.act === 'start') await this.#start(step, fencingToken, signal)
    else await stop(step, signal)
  }

  async observe(target: RuntimeTarget): Promise<ObservedReplica[]> {
    const seen = await Promise.all(foldersIn(targetFolder(target)).map((name) => observeFolder(replicaFolder(target, name))))
    return seen.flatMap((one) => one ?? [])
  }

  async *logs(target: RuntimeTarget, replicaId: string, options: ReadLogOptions): AsyncIterable<string> {
    const folders = [replicaFolder(target, replicaId), join(endedFolder(target), replicaId)]
    for (const folder of folders) {
      if (!(await hasLog(folder))) continue
      yield* readLog(folder, options)
      return
    }
  }

  async remove(target: RuntimeTarget, { fencingToken, signal }: { fencingToken: bigint; signal: AbortSignal }): Promise<void> {
    admit(target, fencingToken)
    await Promise.all(
      foldersIn(targetFolder(target)).map((replicaId) => {
        const { stopTimeoutMs = 0 } = readJson<Intent>(replicaFolder(target, replicaId), fileNames.intent) ?? {}
        return stop({ act: 'stop', target, replicaId, drainMs: 0, stopTimeoutMs }, signal)
      }),
    )
    rmSync(targetFolder(target), { recursive: true, force: true })
  }

  #image({ tenantId }: RuntimeTarget, { repository, digest }: DesiredComponent, signal: AbortSignal) {
    return imageFolder(this.#images, { tenantId, repository, digest }, signal)
  }

  async #start({ target, replicaId, component, configHash }: Start, fencingToken: bigint, signal: AbortSignal): Promise<void> {
    const folder = replicaFolder(target, replicaId)
    const known = readJson<ReplicaRecord>(folder, fileNames.record)
    // What has done its work is not done again by the same name.
    if (known && (!isOver(known) || known.reason === 'completed')) return
    const availability = await this.check()
    if (!availability.isAvailable) throw new Refusal('runtime_unavailable', availability.reason, { fix: availability.fix })
    const image = await this.#image(target, component, signal)
    const dataDir = join(folder, 'data')
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const filesDir = join(folder, fileNames.files)
    writeFiles(filesDir, component.files ?? {})
    for (const file of [fileNames.record, fileNames.stop]) rmSync(join(folder, file), { force: true })
    const around = { java: readSettings().CAISSON_JAVA, appFolder: image.appFolder, dataDir, filesDir, replicaId, path: process.env['PATH'] ?? '' }
    const intent: Intent = {
      replicaId,
      component: component.name,
      digest: component.digest,
      configHash,
      fencingToken: String(fencingToken),
      dataDir,
      ...commandLineOf(component, image.config, around),
      stopTimeoutMs: component.spec.stopTimeoutMs,
      runsOnce: component.spec.runs === 'once',
      files: await sealTree(filesDir),
      secretKeys: (component.secrets ?? []).map(({ key }) => key),
    }
    forgetSeal(filesDir)
    writeJson(folder, fileNames.intent, intent)
    const delivery = await this.#open(target, component)
    await launch(folder, replicaId, delivery)
    await until(signal, launchLimitMs, () => existsSync(join(folder, fileNames.record)), `The launcher of ${replicaId} does not start.`)
  }

  /** Values are opened here, go through a pipe into the memory of the launcher, and are nowhere else. */
  async #open(target: RuntimeTarget, { secrets = [] }: DesiredComponent): Promise<Delivery> {
    const values = await this.#secrets.open(
      target,
      secrets.map(({ versionId }) => versionId),
    )
    return {
      secrets: secrets.map(({ key, versionId, deliver }) => {
        const value = values.get(versionId)
        if (value === undefined) throw new TypeError(`the secret version ${versionId} was not opened`)
        return { key, value, deliver }
      }),
    }
  }
}

/** The files of a configuration, as this start has them and no others. */
function writeFiles(folder: string, files: Record<string, string>): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    if (!file.startsWith(`${folder}/`)) throw new TypeError(`the file ${path} would be outside its folder`)
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(file, content, { mode: 0o600 })
  }
}

function admit(target: RuntimeTarget, token: bigint): void {
  const isAdmitted = admitToken(
    target,
    token,
    (path) => writeFileSync(path, ''),
    (path) => rmSync(path, { force: true }),
  )
  if (!isAdmitted) {
    throw new Refusal('conflict', `${target.application} in ${target.environment} was changed by a newer rollout than number ${token}.`, {
      fix: 'Look at the rollout that runs now.',
    })
  }
}

/** In a session of its own, with nothing of this process: neither its settings nor its files. */
async function launch(folder: string, replicaId: string, delivery: Delivery): Promise<void> {
  const child = spawn(process.execPath, launcherArguments(folder), {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: folder,
    env: launcherEnvironment({ CAISSON_LAUNCHES: replicaId }),
  })
  child.on('error', () => {})
  child.unref()
  // A launcher that ends before it has read everything shows by the record that it never writes.
  child.stdin.on('error', () => {})
  await new Promise<void>((done) => {
    child.stdin.once('close', done)
    child.stdin.end(JSON.stringify(delivery), () => done())
  })
}

/** Until launcher and software are gone; then its folder is, but for the log. */
async function stop({ target, replicaId, drainMs, stopTimeoutMs }: Stop, signal: AbortSignal): Promise<void> {
  const folder = replicaFolder(target, replicaId)
  const record = readJson<ReplicaRecord>(folder, fileNames.record)
  if (record && !isOver(record)) {
    writeJson(folder, fileNames.stop, { drainMs, stopTimeoutMs })
    if (isAlive(record.launcher)) signalProcess(record.launcher, 'SIGTERM')
    else await endWithoutLauncher(record, drainMs, stopTimeoutMs, signal)
    const words = `Replica ${replicaId} does not end although it was told to.`
    await until(signal, drainMs + stopTimeoutMs + stopGraceMs, () => isOver(readJson<ReplicaRecord>(folder, fileNames.record) ?? record), words)
  }
  bury(target, replicaId)
}

/** Somebody killed the launcher; the software went on without it. */
async function endWithoutLauncher(record: ReplicaRecord, drainMs: number, stopTimeoutMs: number, signal: AbortSignal): Promise<void> {
  await sleep(drainMs, undefined, { signal })
  signalProcess(record.process, 'SIGTERM')
  const end = performance.now() + stopTimeoutMs
  while (isAlive(record.process) && performance.now() < end) await sleep(pollMs, undefined, { signal })
  signalProcess(record.process, 'SIGKILL')
}

/** The logs of the last that ended are kept; nothing else is. */
function bury(target: RuntimeTarget, replicaId: string): void {
  const folder = replicaFolder(target, replicaId)
  if (!existsSync(folder)) return
  forgetSeal(join(folder, fileNames.files))
  const grave = join(endedFolder(target), replicaId)
  mkdirSync(dirname(grave), { recursive: true })
  rmSync(grave, { recursive: true, force: true })
  renameSync(folder, grave)
  const logs: string[] = [fileNames.log, fileNames.olderLog]
  for (const name of readdirSync(grave)) if (!logs.includes(name)) rmSync(join(grave, name), { recursive: true, force: true })
  const graves = foldersIn(endedFolder(target)).map((name) => join(endedFolder(target), name))
  const oldest = graves.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs).slice(keptLogs)
  for (const old of oldest) rmSync(old, { recursive: true, force: true })
}

async function until(signal: AbortSignal, limitMs: number, isDone: () => boolean, words: string): Promise<void> {
  for (const end = performance.now() + limitMs; !isDone();) {
    if (performance.now() > end) throw new Refusal('runtime_unavailable', words, { fix: 'Look at the processes of this machine.' })
    await sleep(pollMs, undefined, { signal })
  }
}
