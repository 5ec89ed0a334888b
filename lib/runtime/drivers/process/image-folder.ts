// Images as folders, named by the digest of their manifest and shared by every replica that runs them.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm, utimes } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { digestOf, hexOf, algorithmOf } from '#lib/oci/digest'
import { parseImageConfig, parseManifest, type ImageConfig, type Manifest } from '#lib/oci/manifest'
import { mediaTypes } from '#lib/oci/media-types'
import { Refusal } from '#lib/platform/refusal'
import { imagesFolder } from '#lib/runtime/drivers/process/folders'
import { brokenSeal, forgetSeal, sealTree, type Seal } from '#lib/runtime/drivers/process/seal'
import { syncFolder, syncFolders, unpackLayers } from '#lib/runtime/drivers/process/unpack-layers'
import type { ImageSource } from '#lib/runtime/image-source'

export interface WantedImage {
  tenantId: string
  repository: string
  digest: string
}

export interface UnpackedImage {
  /** What the image calls `/app`. */
  appFolder: string
  config: ImageConfig
}

const configFile = 'config.json'
const sealFile = 'seal.json'
const sealed = ['app', configFile]
const running = new Map<string, Promise<void>>()

/** The folder of an image, unpacked when it is not there yet: temp folder → fsync → rename. */
export async function imageFolder(source: ImageSource, image: WantedImage, signal: AbortSignal): Promise<UnpackedImage> {
  const folder = join(imagesFolder(), hexOf(image.digest))
  if (existsSync(folder) && (await brokenImage(folder)) !== undefined) await putAside(folder)
  if (!existsSync(folder)) {
    const unpacking = running.get(folder) ?? unpack(source, image, folder, signal).finally(() => running.delete(folder))
    running.set(folder, unpacking)
    await unpacking
  }
  // Last used now: see prune-images.ts.
  await utimes(folder, new Date(), new Date())
  return { appFolder: join(folder, 'app'), config: parseImageConfig(readFileSync(join(folder, configFile))) }
}

async function unpack(source: ImageSource, image: WantedImage, folder: string, signal: AbortSignal): Promise<void> {
  const manifest = await manifestOf(source, image)
  const configBytes = await readFile(await source.blobPath(manifest.config.digest))
  parseImageConfig(configBytes)
  const draft = join(imagesFolder(), `.${hexOf(image.digest).slice(0, 12)}-${randomBytes(6).toString('hex')}`)
  try {
    await mkdir(draft, { recursive: true })
    const layers: { path: string; mediaType: string }[] = []
    for (const { digest, mediaType } of manifest.layers) layers.push({ path: await source.blobPath(digest), mediaType })
    await unpackLayers(draft, layers, signal)
    await writeSynced(join(draft, configFile), configBytes)
    await writeSynced(join(draft, sealFile), Buffer.from(JSON.stringify(await sealTree(draft, sealed))))
    forgetSeal(draft)
    await syncFolders(draft)
    await rename(draft, folder)
    await syncFolder(imagesFolder())
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    // Another process was quicker: it is the same image.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

/** The file that says what an unpacked image held when it was unpacked; as old as that. */
export function imageSealPath(folder: string): string {
  return join(folder, sealFile)
}

/** What of an unpacked image is not as it was unpacked, in words; undefined when everything is. */
export async function brokenImage(folder: string): Promise<string | undefined> {
  try {
    return await brokenSeal(folder, JSON.parse(readFileSync(imageSealPath(folder), 'utf8')) as Seal, { names: sealed })
  } catch (error) {
    if (error instanceof SyntaxError) return 'its seal was changed'
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'its unpacked image is not sealed, or gone'
    throw error
  }
}

/** An altered image starts nothing any more: the next start unpacks it anew. It is kept for an hour, for whoever looks into it. */
async function putAside(folder: string): Promise<void> {
  forgetSeal(folder)
  await rename(folder, join(imagesFolder(), `.altered-${basename(folder).slice(0, 12)}-${randomBytes(6).toString('hex')}`)).catch(
    (error: unknown) => {
      // Somebody else was quicker.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    },
  )
}

/** The manifest of the image, or for an index the one for Linux; Java does not mind the architecture, so amd64 stands for it. */
async function manifestOf(source: ImageSource, image: WantedImage): Promise<Manifest> {
  const bytes = await source.manifest(image)
  if (digestOf(bytes, algorithmOf(image.digest)) !== image.digest) {
    throw new Refusal('unavailable', `The manifest ${image.digest} of ${image.repository} does not hash to its name.`, {
      fix: 'Restore the registry from a backup.',
    })
  }
  const document = JSON.parse(Buffer.from(bytes).toString('utf8')) as { mediaType?: string; manifests?: unknown }
  const parsed = parseManifest(bytes, document.mediaType ?? (document.manifests ? mediaTypes.index : mediaTypes.manifest))
  if (parsed.kind === 'image') return parsed.manifest
  const chosen = parsed.index.manifests.find(({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64')
  if (!chosen) throw new Refusal('unsupported', `The image ${image.digest} has nothing for linux/amd64.`, { fix: 'Push it for linux/amd64 as well.' })
  return manifestOf(source, { ...image, digest: chosen.digest })
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o444)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}
