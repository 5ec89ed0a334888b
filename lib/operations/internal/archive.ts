// An archive as a file: its beginning, its verification in full, its parts.
import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { beginSchema, manifestSchema, type BackupBegin, type BackupManifest } from '#lib/operations/backup'
import { readParts, type IncomingPart } from '#lib/operations/internal/parts'
import { unseal } from '#lib/operations/internal/sealed-file'
import { Refusal } from '#lib/platform/refusal'

const longestManifest = 256 * 1024 * 1024

/** The parts of an archive as they come; every byte of them was authenticated. */
export function partsOf(file: string, passphrase: string): AsyncGenerator<IncomingPart> {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new Refusal('not_found', `There is no file ${file}.`, { fix: 'Name a file that `caisson backup` wrote.' })
  }
  return readParts(unseal(createReadStream(file, { highWaterMark: 1024 * 1024 }), passphrase))
}

/** What an archive says of itself before anything else. */
export async function readBegin(file: string, passphrase: string): Promise<BackupBegin> {
  for await (const part of partsOf(file, passphrase)) {
    if (part.name !== 'begin.json') break
    const parsed = beginSchema.safeParse(JSON.parse(await wholeText(part)))
    if (parsed.success) return parsed.data
    break
  }
  throw broken('it does not begin as a backup does')
}

export interface VerifiedArchive {
  manifest: BackupManifest
  sizeBytes: number
  /** `sha256:<hex>` of the file. */
  digest: string
}

/** Reads the whole archive once: every chunk, and the hash of every part against the manifest. Refuses anything that differs. */
export async function verifyArchive(file: string, passphrase: string): Promise<VerifiedArchive> {
  const found = new Map<string, { sizeBytes: number; sha256: string }>()
  let manifest: BackupManifest | undefined
  for await (const part of partsOf(file, passphrase)) {
    if (manifest) throw broken('something follows its manifest')
    if (part.name === 'manifest.json') {
      const parsed = manifestSchema.safeParse(JSON.parse(await wholeText(part)))
      if (!parsed.success) throw broken('its manifest cannot be read')
      manifest = parsed.data
      continue
    }
    const hash = createHash('sha256')
    let sizeBytes = 0
    for await (const chunk of part.content) {
      hash.update(chunk)
      sizeBytes += chunk.length
    }
    if (found.has(part.name)) throw broken(`it has ${part.name} twice`)
    found.set(part.name, { sizeBytes, sha256: hash.digest('hex') })
  }
  if (!manifest) throw broken('it has no manifest')
  for (const { name, sizeBytes, sha256 } of manifest.parts) {
    const part = found.get(name)
    if (!part) throw broken(`${name} is missing`)
    if (part.sizeBytes !== sizeBytes || part.sha256 !== sha256) throw broken(`${name} is not what the manifest says`)
  }
  if (found.size !== manifest.parts.length) throw broken('it has parts that its manifest does not know')
  return { manifest, ...(await digestOf(file)) }
}

export async function wholeText({ content }: IncomingPart): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of content) {
    size += chunk.length
    if (size > longestManifest) throw broken('a description in it is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function digestOf(file: string): Promise<{ sizeBytes: number; digest: string }> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    sizeBytes += chunk.length
  }
  return { sizeBytes, digest: `sha256:${hash.digest('hex')}` }
}

function broken(why: string): Refusal {
  return new Refusal('invalid_input', `This backup cannot be used: ${why}.`, { fix: 'Take another copy of it, or an older backup.' })
}
