// Pulling from another registry, against our own handler and against hostile ones.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestOf } from '#lib/oci/digest'
import { mediaTypes } from '#lib/oci/media-types'
import { fetchImage } from '#lib/registry/client'
import { useTestDatabase } from '#lib/testing/database'
import { makeApplication, makePerson, makeTenant } from '#lib/testing/factories'
import { makeToken } from '#lib/testing/http'
import { MemoryBlobStore } from '#lib/testing/memory-blob-store'
import { basic, listen, send, smallImage, startRegistry, type RunningRegistry } from '#lib/testing/registry'

useTestDatabase()
const image = smallImage('a base')
let registry: RunningRegistry
let credentials: { username: string; password: string }

beforeAll(async () => {
  registry = await startRegistry()
  const tenant = await makeTenant({ slug: 'northwind' })
  await makeApplication(tenant, 'java')
  credentials = { username: 'token', password: await makeToken(await makePerson({ tenant, roles: ['developer'] }), tenant, ['registry.push']) }
  const authorization = basic(credentials.password)
  const put = (path: string, body: Uint8Array, method: string, type: string) =>
    send(`${registry.url}/v2/northwind/java/${path}`, { method, body: new Uint8Array(body), headers: { authorization, 'content-type': type } })
  for (const blob of image.blobs) await put(`blobs/uploads/?digest=${digestOf(blob)}`, blob, 'POST', 'application/octet-stream')
  await put('manifests/17', image.manifest, 'PUT', mediaTypes.manifest)
  const entry = (architecture: string) => ({
    mediaType: mediaTypes.manifest,
    digest: image.digest,
    size: image.manifest.length,
    platform: { os: 'linux', architecture },
  })
  const index = (architecture: string) =>
    Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests: [entry(architecture)] }))
  await put('manifests/any', index('amd64'), 'PUT', mediaTypes.index)
  await put('manifests/arm', index('arm64'), 'PUT', mediaTypes.index)
})
afterAll(() => registry.close())

describe('fetching an image', () => {
  it('brings manifest, configuration and layers by the token protocol, also by way of an index', async () => {
    for (const reference of ['17', 'any']) {
      const store = new MemoryBlobStore()
      const fetched = await fetchImage(`${registry.host}/northwind/java:${reference}`, store, credentials)
      expect([fetched.digest, Buffer.from(fetched.manifest).equals(image.manifest), fetched.mediaType]).toEqual([
        image.digest,
        true,
        mediaTypes.manifest,
      ])
      expect([...store.blobs.keys()].toSorted()).toEqual(image.blobs.map((blob) => digestOf(blob)).toSorted())
    }
  })

  it('says what is wrong: nothing for linux/amd64, no such tag, no credentials, nobody there', async () => {
    const store = new MemoryBlobStore()
    const from = (reference: string, who?: typeof credentials) => fetchImage(reference, store, who)
    await expect(from(`${registry.host}/northwind/java:arm`, credentials)).rejects.toMatchObject({ code: 'unsupported' })
    await expect(from(`${registry.host}/northwind/java:none`, credentials)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('404'),
    })
    await expect(from(`${registry.host}/northwind/java:17`)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('401') })
    await expect(from('127.0.0.1:1/a/b:1')).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('does not answer') })
    await expect(from('no reference')).rejects.toMatchObject({ code: 'invalid_input' })
    expect(store.blobs.size).toBe(0)
  })
})

describe('S-28, S-37: a hostile registry', () => {
  async function against(
    answer: (request: IncomingMessage, response: ServerResponse, foreign: string) => void,
    work: (host: string, stolen: string[]) => Promise<void>,
  ): Promise<void> {
    const stolen: string[] = []
    const foreign = await listen((request, response) => {
      stolen.push(request.headers.authorization ?? 'nothing')
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"token":"x"}')
    })
    const hostile = await listen((request, response) => answer(request, response, foreign.url))
    try {
      await work(hostile.host, stolen)
    } finally {
      await Promise.all([hostile.close(), foreign.close()])
    }
  }
  const secret = { username: 'token', password: 'the secret' }

  it('never has the password or a token sent to another host by its realm or its redirects', async () => {
    await against(
      (_request, response, foreign) => response.writeHead(401, { 'www-authenticate': `Bearer realm="${foreign}/token",service="x"` }).end(),
      async (host, stolen) => {
        await expect(fetchImage(`${host}/a/b:1`, new MemoryBlobStore(), secret)).rejects.toMatchObject({ code: 'unavailable' })
        await expect(fetchImage(`${host}/a/b:1`, new MemoryBlobStore())).rejects.toMatchObject({ code: 'unavailable' })
        expect(stolen).toEqual([])
      },
    )
    await against(
      (request, response, foreign) => {
        if (request.headers.authorization === undefined) response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
        else response.writeHead(307, { location: `${foreign}${request.url}` }).end()
      },
      async (host, stolen) => {
        await expect(fetchImage(`${host}/a/b:1`, new MemoryBlobStore(), secret)).rejects.toMatchObject({ code: 'unavailable' })
        expect(stolen.filter((header) => header !== 'nothing')).toEqual([])
      },
    )
  })

  it('is believed in nothing that does not hash, and cut off where it sends more than it said', async () => {
    const serve = (blobOf: (digest: string) => Buffer) => (request: IncomingMessage, response: ServerResponse) => {
      const digest = /blobs\/(.+)$/.exec(request.url ?? '')?.[1]
      if (digest) response.writeHead(200).end(blobOf(digest))
      else response.writeHead(200, { 'content-type': mediaTypes.manifest }).end(image.manifest)
    }
    const real = (digest: string) => image.blobs.find((blob) => digestOf(blob) === digest) ?? Buffer.alloc(0)
    const lies: ((digest: string) => Buffer)[] = [
      (digest) => Buffer.alloc(real(digest).length),
      (digest) => real(digest).subarray(1),
      (digest) => Buffer.concat([real(digest), Buffer.alloc(1)]),
    ]
    for (const lie of lies) {
      await against(serve(lie), async (host) => {
        const store = new MemoryBlobStore()
        await expect(fetchImage(`${host}/a/b:1`, store)).rejects.toMatchObject({ code: 'unavailable' })
        expect(store.blobs.size).toBe(0)
      })
    }
    await against(serve(real), async (host) => {
      const pinned = `sha256:${'0'.repeat(64)}`
      await expect(fetchImage(`${host}/a/b:1@${pinned}`, new MemoryBlobStore())).rejects.toMatchObject({ code: 'unavailable' })
      expect(await fetchImage(`${host}/a/b:1@${image.digest}`, new MemoryBlobStore())).toMatchObject({ digest: image.digest })
    })
  })

  it('does not lead in circles', async () => {
    await against(
      (request, response) => response.writeHead(302, { location: request.url }).end(),
      async (host) => {
        await expect(fetchImage(`${host}/a/b:1`, new MemoryBlobStore())).rejects.toMatchObject({ message: expect.stringContaining('without end') })
      },
    )
  })
})
