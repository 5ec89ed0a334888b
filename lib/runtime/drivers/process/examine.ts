// What a replica really runs. Its record says what it was told to start; the process itself and the files on the disk say what it did.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { hexOf } from '#lib/oci/digest'
import type { Alteration } from '#lib/runtime/driver'
import { imagesFolder } from '#lib/runtime/drivers/process/folders'
import { brokenImage, imageSealPath } from '#lib/runtime/drivers/process/image-folder'
import { isAlive } from '#lib/runtime/drivers/process/processes'
import { fileNames, type Intent, type ReplicaRecord } from '#lib/runtime/drivers/process/records'
import { brokenSeal } from '#lib/runtime/drivers/process/seal'

export interface Examined {
  digest: string
  alteration?: Alteration
}

/** Variables by which somebody makes Java run something else, whatever its command line says. */
const javaOptions = ['JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', '_JAVA_OPTIONS', 'CLASSPATH', 'LD_PRELOAD', 'SPRING_APPLICATION_JSON']
const ofAnImage = /\/images\/([0-9a-f]{64}|[0-9a-f]{128})\//

/** The digest that a replica runs, by its process where there is one, and the first thing that is not as it was sealed or started. */
export async function examine(folder: string, record: ReplicaRecord, intent: Intent | undefined): Promise<Examined> {
  const { process: mark, replicaId } = record
  if (!intent || !mark || !isAlive(mark, replicaId)) return { digest: record.digest }
  const line = readList(`/proc/${mark.pid}/cmdline`)
  const digest = line ? digestOf(line, record.digest) : record.digest
  if (digest === undefined) return { digest: record.digest, alteration: { of: 'image', detail: 'its process runs nothing of an image' } }
  const image = await alteredImage(digest, record)
  if (image) return { digest, alteration: { of: 'image', detail: image } }
  const configuration = (line && alteredProcess(line, readList(`/proc/${mark.pid}/environ`), record, intent)) ?? (await alteredFiles(folder, intent))
  return configuration === undefined ? { digest } : { digest, alteration: { of: 'configuration', detail: configuration } }
}

/** By the folder that its command line names; undefined where it names none. */
function digestOf(line: readonly string[], claimed: string): string | undefined {
  const hex = line.flatMap((part) => ofAnImage.exec(part)?.[1] ?? [])[0]
  if (hex === undefined) return undefined
  return hex === hexOf(claimed) ? claimed : `${hex.length === 64 ? 'sha256' : 'sha512'}:${hex}`
}

async function alteredImage(digest: string, { startedAt }: ReplicaRecord): Promise<string | undefined> {
  const folder = join(imagesFolder(), hexOf(digest))
  const broken = await brokenImage(folder)
  if (broken !== undefined) return broken
  // An altered image is unpacked anew before the next start; who started before that has what was there then.
  const unpackedMs = statSync(imageSealPath(folder)).mtimeMs
  return startedAt !== null && Date.parse(startedAt) < Math.floor(unpackedMs) ? 'it was started from files that had to be replaced' : undefined
}

function alteredProcess(line: readonly string[], environ: readonly string[] | undefined, record: ReplicaRecord, intent: Intent): string | undefined {
  if (record.digest !== intent.digest || record.configHash !== intent.configHash)
    return 'its launcher wrote down something else than it was told to start'
  const fill = (text: string): string => text.replaceAll('${PORT}', String(record.port))
  const asked = intent.arguments.map(fill)
  const found = line.slice(-asked.length)
  if (asked.some((argument, index) => argument !== found[index])) return 'its command line is not the one that it was started with'
  if (!environ) return undefined
  const values = new Map(environ.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]))
  const changed = Object.entries(intent.environment).find(([key, value]) => values.get(key) !== fill(value))
  if (changed) return `${changed[0]} is not what it was started with`
  const secretKeys = intent.secretKeys ?? []
  const missing = secretKeys.find((key) => !values.has(key))
  if (missing !== undefined) return `${missing} is not there`
  const added = javaOptions.find((key) => values.has(key) && !Object.hasOwn(intent.environment, key) && !secretKeys.includes(key))
  return added === undefined ? undefined : `${added} was added`
}

async function alteredFiles(folder: string, { files }: Intent): Promise<string | undefined> {
  if (!files || Object.keys(files).length === 0) return undefined
  const broken = await brokenSeal(join(folder, fileNames.files), files, { isOpen: true })
  return broken === undefined ? undefined : `${fileNames.files}/${broken}`
}

/** Parts that end with a zero byte; undefined where this machine has no /proc, or the process is gone. */
function readList(path: string): string[] | undefined {
  try {
    const parts = readFileSync(path, 'utf8').split('\0')
    return parts.length > 1 ? parts.slice(0, -1) : undefined
  } catch {
    return undefined
  }
}
