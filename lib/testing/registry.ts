// The registry on a port of its own, with the handler that bin/http uses, for raw requests and for real clients.
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { identifyBearer, identifyIssuer } from '#lib/access/identify'
import { digestOf } from '#lib/oci/digest'
import { mediaTypes } from '#lib/oci/media-types'
import { blobFolder, blobStore } from '#lib/platform/disk-blob-store'
import { secretKey } from '#lib/platform/keys'
import { createRegistryHandler, type RegistryHandler } from '#lib/registry/handler'
import { uploadsFolder } from '#lib/registry/uploads-folder'

export interface RunningRegistry {
  /** `http://127.0.0.1:port` */
  url: string
  /** `127.0.0.1:port` */
  host: string
  /** Where its blobs are. */
  folder: string
  close(): Promise<void>
}

/** Call after `useTestDatabase()` has begun: it keeps its blobs and keys in that data directory. */
export async function startRegistry(maxBlobBytes = 64 * 1024 ** 2): Promise<RunningRegistry> {
  let handler: RegistryHandler | undefined
  const server = await listen((request, response) => void handler?.(request, response).catch(() => response.destroy()))
  handler = createRegistryHandler({
    identifyBearer,
    identifyIssuer,
    store: blobStore(),
    uploadsFolder: uploadsFolder(),
    publicUrl: server.url,
    tokenSecret: secretKey('registry-token'),
    maxBlobBytes,
  })
  return { ...server, folder: blobFolder() }
}

/** A server on a free loopback port. */
export async function listen(listener: RequestListener): Promise<{ url: string; host: string; close(): Promise<void> }> {
  const server = createServer(listener)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}`,
    host,
    close: async () => {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

export interface Reply {
  status: number
  headers: Headers
  body: Buffer
  /** The body as JSON; what a test expects of it is said by the test. */
  json<T = { errors: { code: string; message: string }[] }>(): T
}

/** Sends one raw request; redirects are answers too. */
export async function send(url: string, init: RequestInit & { duplex?: 'half' } = {}): Promise<Reply> {
  const response = await fetch(url, { redirect: 'manual', ...init })
  const body = Buffer.from(await response.arrayBuffer())
  return { status: response.status, headers: response.headers, body, json: () => JSON.parse(body.toString('utf8')) }
}

export const basic = (secret: string, user = 'token') => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`

export interface SmallImage {
  blobs: Buffer[]
  manifest: Buffer
  digest: string
}

/** An image of one small layer; other words, other digests. */
export function smallImage(words: string, more: Record<string, unknown> = {}): SmallImage {
  const layer = Buffer.from(`layer of ${words}`)
  const config = Buffer.from(
    JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [digestOf(layer)] }, config: {} }),
  )
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: { mediaType: mediaTypes.config, digest: digestOf(config), size: config.length },
      layers: [{ mediaType: mediaTypes.layerTar, digest: digestOf(layer), size: layer.length }],
      ...more,
    }),
  )
  return { blobs: [config, layer], manifest, digest: digestOf(manifest) }
}
