import { setTimeout as sleep } from 'node:timers/promises'
import { allReplicaFolders } from '#lib/runtime/drivers/process/folders'
import { isAlive, signalProcess } from '#lib/runtime/drivers/process/processes'
import { fileNames, readJson, type Intent, type ReplicaRecord } from '#lib/runtime/drivers/process/records'
import { isOver } from '#lib/runtime/drivers/process/replica-state'

const graceMs = 15_000

/** Ends every replica of this machine in order and keeps their folders: what is promised is raised again. Returns how many it ended. */
export async function stopAllProcesses(): Promise<number> {
  const ended = await Promise.all(allReplicaFolders().map(stopFolder))
  return ended.filter(Boolean).length
}

async function stopFolder(folder: string): Promise<boolean> {
  const record = readJson<ReplicaRecord>(folder, fileNames.record)
  if (!record || isOver(record)) return false
  const { stopTimeoutMs = 0 } = readJson<Intent>(folder, fileNames.intent) ?? {}
  signalProcess(isAlive(record.launcher) ? record.launcher : record.process, 'SIGTERM')
  const end = performance.now() + stopTimeoutMs + graceMs
  while (!isOver(readJson<ReplicaRecord>(folder, fileNames.record) ?? record) && performance.now() < end) await sleep(50)
  return true
}
