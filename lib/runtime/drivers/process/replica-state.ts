import type { ObservedReplica } from '#lib/runtime/driver'
import { examine } from '#lib/runtime/drivers/process/examine'
import { isAlive } from '#lib/runtime/drivers/process/processes'
import { fileNames, readJson, type Intent, type ReplicaRecord } from '#lib/runtime/drivers/process/records'

/** Neither its launcher nor the software lives. */
export function isOver({ launcher, process, replicaId }: ReplicaRecord): boolean {
  return !isAlive(launcher) && !isAlive(process, replicaId)
}

/** What a replica's folder and the processes of this machine say; undefined for one whose launcher never said anything. */
export async function observeFolder(folder: string): Promise<ObservedReplica | undefined> {
  const record = readJson<ReplicaRecord>(folder, fileNames.record)
  if (!record) return undefined
  const { replicaId, component, configHash, restarts, startedAt, port } = record
  const examined = await examine(folder, record, readJson<Intent>(folder, fileNames.intent))
  const { state, reason } = stateOf(record)
  return {
    replicaId,
    component,
    ...examined,
    configHash,
    restarts,
    state,
    reason,
    address: state === 'running' || state === 'stopping' ? `127.0.0.1:${port}` : '',
    startedAt: startedAt === null ? null : new Date(startedAt),
  }
}

/** What was written last holds while its writer lives. A killed launcher leaves the software running, or nothing. */
function stateOf(record: ReplicaRecord): Pick<ObservedReplica, 'state' | 'reason'> {
  const { state, reason } = record
  if (isAlive(record.launcher)) return { state, reason }
  if (isAlive(record.process, record.replicaId)) return { state: 'running', reason: '' }
  return { state: 'exited', reason: state === 'exited' && record.process === null && reason !== '' ? reason : 'lost' }
}
