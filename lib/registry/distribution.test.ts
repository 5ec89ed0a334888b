// The Distribution API by raw requests, in the order of the specification: pull, push, discovery, management. The official
// suite is lib/registry/conformance.parts.test.ts; here is what it does not ask, and what is ours.
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestOf } from '#lib/oci/digest'
import { mediaTypes } from '#lib/oci/media-types'
import { createContext, systemActor, type TenantRef } from '#lib/platform/context'
import { pinManifest } from '#lib/registry/commands/pin-manifest'
import { putImage } from '#lib/registry/commands/put-image'
import { sweepUploads } from '#lib/registry/commands/sweep-uploads'
import { getManifest } from '#lib/registry/queries/get-manifest'
import { useTestDatabase } from '#lib/testing/database'
import { asPlatform, makeApplication, makePerson, makeTenant } from '#lib/testing/factories'
import { eventually } from '#lib/testing/eventually'
import { makeToken } from '#lib/testing/http'
import { basic, send, smallImage, startRegistry, type Reply, type RunningRegistry, type SmallImage } from '#lib/testing/registry'

useTestDatabase()
let registry: RunningRegistry
let tenant: TenantRef
let authorization: string

beforeAll(async () => {
  registry = await startRegistry(8 * 1024 ** 2)
  tenant = await makeTenant({ slug: 'northwind' })
  await makeApplication(tenant, 'shop')
  await makeApplication(tenant, 'mail')
  const developer = await makePerson({ tenant, roles: ['developer'] })
  authorization = basic(await makeToken(developer, tenant, ['registry.push']))
})
afterAll(() => registry.close())

const shop = 'northwind/shop'

function call(method: string, path: string, options: { body?: Uint8Array; headers?: Record<string, string> } = {}): Promise<Reply> {
  const url = path.startsWith('http') ? path : `${registry.url}${path}`
  const body = options.body === undefined ? {} : { body: new Uint8Array(options.body) }
  return send(url, { method, headers: { authorization, ...options.headers }, ...body })
}

async function pushBlob(name: string, bytes: Uint8Array): Promise<string> {
  const digest = digestOf(bytes)
  const reply = await call('POST', `/v2/${name}/blobs/uploads/?digest=${digest}`, { body: bytes })
  expect(reply.status).toBe(201)
  return digest
}

function putManifest(name: string, reference: string, bytes: Uint8Array, type: string = mediaTypes.manifest): Promise<Reply> {
  return call('PUT', `/v2/${name}/manifests/${reference}`, { body: bytes, headers: { 'content-type': type } })
}

async function pushImage(name: string, words: string, reference?: string, more?: Record<string, unknown>): Promise<SmallImage> {
  const image = smallImage(words, more)
  for (const blob of image.blobs) await pushBlob(name, blob)
  expect((await putManifest(name, reference ?? image.digest, image.manifest)).status).toBe(201)
  return image
}

const codeOf = (reply: Reply) => reply.json().errors[0]?.code

function entries(): Promise<{ action: string; outcome: string }[]> {
  return asPlatform((tx) => tx.auditEntry.findMany({ where: { log: tenant.id }, orderBy: { id: 'asc' }, select: { action: true, outcome: true } }))
}

/** What a call adds to the tenant's log. */
async function entriesOf<T>(act: () => Promise<T>): Promise<{ result: T; added: { action: string; outcome: string }[] }> {
  const before = (await entries()).length
  const result = await act()
  return { result, added: (await entries()).slice(before) }
}

describe('pulling', () => {
  let image: SmallImage
  beforeAll(async () => {
    image = await pushImage(shop, 'pulled', 'pulled')
  })

  it('S2.18: serves a manifest by tag and by digest, byte for byte, and looks at it with HEAD', async () => {
    for (const reference of ['pulled', image.digest]) {
      const got = await call('GET', `/v2/${shop}/manifests/${reference}`)
      expect(got.status).toBe(200)
      expect(got.body.equals(image.manifest)).toBe(true)
      const head = await call('HEAD', `/v2/${shop}/manifests/${reference}`)
      for (const reply of [got, head]) {
        expect(reply.headers.get('content-type')).toBe(mediaTypes.manifest)
        expect(reply.headers.get('content-length')).toBe(String(image.manifest.length))
        expect(reply.headers.get('docker-content-digest')).toBe(image.digest)
      }
      expect(head.body.length).toBe(0)
    }
    const fresh = await call('GET', `/v2/${shop}/manifests/pulled`, { headers: { 'if-none-match': `"${image.digest}"` } })
    expect(fresh.status).toBe(304)
  })

  it('serves a blob whole and in ranges', async () => {
    const bytes = randomBytes(3 * 1024 ** 2 + 5)
    const path = `/v2/${shop}/blobs/${await pushBlob(shop, bytes)}`
    expect((await call('GET', path)).body.equals(bytes)).toBe(true)
    expect((await call('HEAD', path)).headers.get('content-length')).toBe(String(bytes.length))
    const ranges: [string, number, number][] = [
      ['bytes=0-0', 0, 0],
      ['bytes=5-99', 5, 99],
      ['bytes=1048570-', 1_048_570, bytes.length - 1],
      ['bytes=-7', bytes.length - 7, bytes.length - 1],
      ['bytes=10-99999999', 10, bytes.length - 1],
    ]
    for (const [range, start, end] of ranges) {
      const part = await call('GET', path, { headers: { range } })
      expect(part.status).toBe(206)
      expect(part.headers.get('content-range')).toBe(`bytes ${start}-${end}/${bytes.length}`)
      expect(part.body.equals(bytes.subarray(start, end + 1))).toBe(true)
    }
    const beyond = await call('GET', path, { headers: { range: `bytes=${bytes.length}-` } })
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`])
    expect((await call('GET', path, { headers: { range: 'bytes=0-1,5-6' } })).status).toBe(200)
  })

  it('answers what is not there with the codes of the specification, and writes no entry of it', async () => {
    const absent = digestOf('nowhere')
    const { result, added } = await entriesOf(async () => [
      await call('GET', `/v2/${shop}/manifests/nothing`),
      await call('GET', `/v2/${shop}/manifests/${absent}`),
      await call('GET', `/v2/${shop}/blobs/${absent}`),
      await call('GET', `/v2/northwind/unpushed/manifests/latest`),
      await call('GET', `/v2/northwind/unpushed/tags/list`),
    ])
    expect(result.map((reply) => [reply.status, codeOf(reply)])).toEqual([
      [404, 'MANIFEST_UNKNOWN'],
      [404, 'MANIFEST_UNKNOWN'],
      [404, 'BLOB_UNKNOWN'],
      [404, 'NAME_UNKNOWN'],
      [404, 'NAME_UNKNOWN'],
    ])
    expect(added).toEqual([])
  })

  it('S2.18: never completes a blob whose bytes were changed on disk, whatever its size', async () => {
    for (const size of [10, 1024 ** 2, 4 * 1024 ** 2]) {
      const bytes = randomBytes(size)
      const digest = await pushBlob(shop, bytes)
      const path = join(registry.folder, 'sha256', digest.slice(7, 9), digest.slice(7))
      const changed = readFileSync(path)
      changed[size - 1] = (changed[size - 1] ?? 0) ^ 1
      writeFileSync(path, changed)
      const outcome = await call('GET', `/v2/${shop}/blobs/${digest}`).then(
        (reply) => reply.status,
        () => 'the line was cut',
      )
      expect(outcome).toBe(size <= 1024 ** 2 ? 503 : 'the line was cut')
      expect((await call('GET', `/v2/${shop}/blobs/${digest}`, { headers: { range: 'bytes=0-3' } })).status).toBe(503)
      await pushBlob(shop, bytes)
      expect((await call('GET', `/v2/${shop}/blobs/${digest}`)).body.equals(bytes)).toBe(true)
    }
  })
})

describe('pushing', () => {
  async function start(name = shop): Promise<string> {
    const reply = await call('POST', `/v2/${name}/blobs/uploads/`)
    expect(reply.status).toBe(202)
    return reply.headers.get('location') ?? ''
  }
  const patch = (location: string, body: Uint8Array, range?: string) =>
    call('PATCH', location, {
      body,
      headers: { 'content-type': 'application/octet-stream', ...(range === undefined ? {} : { 'content-range': range }) },
    })

  it('takes a blob in chunks, says where it stands, and refuses a chunk that is out of order', async () => {
    const bytes = randomBytes(300_000)
    const location = await start()
    expect((await patch(location, bytes.subarray(0, 100_000), '0-99999')).headers.get('range')).toBe('0-99999')
    const early = await patch(location, bytes.subarray(200_000), '200000-299999')
    expect([early.status, early.headers.get('range'), early.headers.get('location')]).toEqual([416, '0-99999', location])
    const standing = await call('GET', location)
    expect([standing.status, standing.headers.get('range')]).toEqual([204, '0-99999'])
    expect((await patch(location, bytes.subarray(100_000, 200_000), '100000-199999')).status).toBe(202)
    const done = await call('PUT', `${location}?digest=${digestOf(bytes)}`, {
      body: bytes.subarray(200_000),
      headers: { 'content-range': '200000-299999' },
    })
    expect([done.status, done.headers.get('location')]).toEqual([201, `/v2/${shop}/blobs/${digestOf(bytes)}`])
    expect((await call('GET', `/v2/${shop}/blobs/${digestOf(bytes)}`)).body.equals(bytes)).toBe(true)
    expect(codeOf(await call('GET', location))).toBe('BLOB_UPLOAD_UNKNOWN')
    expect(readdirSync(join(registry.folder, 'uploads'))).toEqual([])
  })

  it('R-13: goes on after a line broke within a chunk from the last one that it acknowledged', async () => {
    const bytes = randomBytes(500_000)
    const location = await start()
    await patch(location, bytes.subarray(0, 200_000))
    await new Promise<void>((broken) => {
      const half = httpRequest(`${registry.url}${location}`, { method: 'PATCH', headers: { authorization, 'content-length': 300_000 } })
      half.on('error', () => broken())
      half.write(bytes.subarray(200_000, 400_000), () => half.destroy(new Error('cut')))
    })
    await eventually('the half chunk is gone', () => readdirSync(join(registry.folder, 'uploads')).length === 1)
    expect((await call('GET', location)).headers.get('range')).toBe('0-199999')
    await patch(location, bytes.subarray(200_000), '200000-499999')
    expect((await call('PUT', `${location}?digest=${digestOf(bytes)}`)).status).toBe(201)
    expect((await call('GET', `/v2/${shop}/blobs/${digestOf(bytes)}`)).body.equals(bytes)).toBe(true)
  })

  it('takes one of many chunks that are sent for the same place at once', async () => {
    const location = await start()
    const body = randomBytes(50_000)
    const replies = await Promise.all(Array.from({ length: 6 }, () => patch(location, body, '0-49999')))
    expect(replies.map(({ status }) => status).toSorted()).toEqual([202, 416, 416, 416, 416, 416])
    expect((await call('PUT', `${location}?digest=${digestOf(body)}`)).status).toBe(201)
  })

  it('S2.18: refuses bytes that are not those of the digest, and keeps nothing of them', async () => {
    const wrong = digestOf('other bytes')
    const body = randomBytes(1000)
    const whole = await call('POST', `/v2/${shop}/blobs/uploads/?digest=${wrong}`, { body })
    const location = await start()
    await patch(location, body)
    const { result: finished, added } = await entriesOf(() => call('PUT', `${location}?digest=${wrong}`))
    for (const reply of [whole, finished]) expect([reply.status, codeOf(reply)]).toEqual([400, 'DIGEST_INVALID'])
    expect(added).toEqual([{ action: 'registry.put', outcome: 'denied' }])
    expect((await call('HEAD', `/v2/${shop}/blobs/${wrong}`)).status).toBe(404)
    expect((await call('HEAD', `/v2/${shop}/blobs/${digestOf(body)}`)).status).toBe(404)
    expect((await call('GET', location)).status).toBe(404)
    for (const digest of ['', 'sha256:short', `md5:${'0'.repeat(32)}`, `sha256:${'A'.repeat(64)}`]) {
      expect(codeOf(await call('POST', `/v2/${shop}/blobs/uploads/?digest=${digest}`, { body }))).toBe('DIGEST_INVALID')
    }
  })

  it('refuses a blob over the limit and a manifest over 4 MiB with 413, and answers on', async () => {
    const large = await call('POST', `/v2/${shop}/blobs/uploads/?digest=${digestOf('')}`, { body: Buffer.alloc(8 * 1024 ** 2 + 1) }).catch(
      () => undefined,
    )
    // A client that is still sending may see the closed line before the answer.
    if (large) expect([large.status, codeOf(large)]).toEqual([413, 'SIZE_INVALID'])
    const manifest = await putManifest(shop, 'large', Buffer.alloc(4 * 1024 ** 2 + 1, ' ')).catch(() => undefined)
    if (manifest) expect(manifest.status).toBe(413)
    expect((await call('GET', '/v2/')).status).toBe(200)
  })

  it('mounts a blob of another repository of the tenant without moving it, and asks for an upload otherwise', async () => {
    const digest = await pushBlob(shop, Buffer.from('to be mounted'))
    const mounted = await call('POST', `/v2/northwind/mail/blobs/uploads/?mount=${digest}&from=${shop}`)
    expect([mounted.status, mounted.headers.get('location')]).toEqual([201, `/v2/northwind/mail/blobs/${digest}`])
    const absent = await call('POST', `/v2/northwind/mail/blobs/uploads/?mount=${digestOf('absent')}&from=${shop}`)
    expect(absent.status).toBe(202)
  })

  it('tells who pushes to an application that does not exist to create it', async () => {
    const { result: reply, added } = await entriesOf(() => call('POST', '/v2/northwind/nothing/blobs/uploads/'))
    expect([reply.status, codeOf(reply)]).toEqual([404, 'NAME_UNKNOWN'])
    expect(reply.json().errors[0]?.message).toMatch(/Create the application nothing first/)
    expect(added).toEqual([{ action: 'registry.post', outcome: 'denied' }])
  })

  it('refuses a manifest that lies or names what is not here', async () => {
    const image = smallImage('never pushed')
    const missing = await putManifest(shop, 'lies', image.manifest)
    expect([missing.status, codeOf(missing)]).toEqual([400, 'MANIFEST_BLOB_UNKNOWN'])
    for (const blob of image.blobs) await pushBlob(shop, blob)
    const said = JSON.parse(image.manifest.toString()) as { config: { size: number }; layers: unknown[] }
    const variants: [string, Uint8Array, string][] = [
      ['another size', Buffer.from(JSON.stringify({ ...said, config: { ...said.config, size: said.config.size + 1 } })), mediaTypes.manifest],
      ['no JSON', Buffer.from('{'), mediaTypes.manifest],
      ['another type', image.manifest, mediaTypes.index],
      ['two documents in one (CVE-2021-41190)', Buffer.from(JSON.stringify({ ...said, manifests: [] })), mediaTypes.manifest],
      ['a negative size', Buffer.from(JSON.stringify({ ...said, config: { ...said.config, size: -1 } })), mediaTypes.manifest],
      ['an unknown type', image.manifest, 'text/plain'],
    ]
    for (const [what, bytes, type] of variants) {
      const reply = await putManifest(shop, 'lies', bytes, type)
      expect([what, reply.status, codeOf(reply)]).toEqual([what, 400, 'MANIFEST_INVALID'])
    }
    const other = await putManifest(shop, digestOf('x'), image.manifest)
    expect([other.status, codeOf(other)]).toEqual([400, 'DIGEST_INVALID'])
    const index = JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.index,
      manifests: [{ mediaType: mediaTypes.manifest, digest: image.digest, size: image.manifest.length }],
    })
    expect(codeOf(await putManifest(shop, 'lies', Buffer.from(index), mediaTypes.index))).toBe('MANIFEST_BLOB_UNKNOWN')
    expect((await putManifest(shop, image.digest, image.manifest)).status).toBe(201)
    expect((await putManifest(shop, 'index', Buffer.from(index), mediaTypes.index)).status).toBe(201)
    expect((await call('HEAD', `/v2/${shop}/manifests/lies`)).status).toBe(404)
  })

  it('S2.4, S-18: keeps a tag at its digest: the same bytes again are 201 without an entry, other bytes 409', async () => {
    const first = await pushImage(shop, 'first', 'v1.0.0')
    const again = await entriesOf(() => putManifest(shop, 'v1.0.0', first.manifest))
    expect([again.result.status, again.added]).toEqual([201, []])
    const second = smallImage('second')
    for (const blob of second.blobs) await pushBlob(shop, blob)
    const { result: refused, added } = await entriesOf(() => putManifest(shop, 'v1.0.0', second.manifest))
    expect([refused.status, codeOf(refused)]).toEqual([409, 'DENIED'])
    expect(refused.json().errors[0]?.message).toMatch(/a tag is immutable/)
    expect(added).toEqual([{ action: 'registry.put', outcome: 'denied' }])
    expect((await call('HEAD', `/v2/${shop}/manifests/v1.0.0`)).headers.get('docker-content-digest')).toBe(first.digest)
    expect((await call('HEAD', `/v2/${shop}/manifests/${second.digest}`)).status).toBe(404)
    // Deleted, the name of a release is not free for other bytes; its own may come back.
    expect((await call('DELETE', `/v2/${shop}/manifests/v1.0.0`)).status).toBe(202)
    expect((await putManifest(shop, 'v1.0.0', second.manifest)).status).toBe(409)
    expect((await putManifest(shop, 'v1.0.0', first.manifest)).status).toBe(201)
  })

  it('S-18, R-06: lets exactly one of two manifests have a tag, however they race', async () => {
    for (let round = 0; round < 5; round += 1) {
      const images = Array.from({ length: 6 }, (_, index) => smallImage(`racer ${round} ${index}`))
      for (const blob of images.flatMap(({ blobs }) => blobs)) await pushBlob(shop, blob)
      const tag = round % 2 === 0 ? `v9.0.${round}` : `race-${round}`
      const { result: replies, added } = await entriesOf(() => Promise.all(images.map(({ manifest }) => putManifest(shop, tag, manifest))))
      expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409, 409])
      const winner = images[replies.findIndex(({ status }) => status === 201)]
      expect((await call('HEAD', `/v2/${shop}/manifests/${tag}`)).headers.get('docker-content-digest')).toBe(winner?.digest)
      expect(added.map(({ outcome }) => outcome).toSorted()).toEqual(['denied', 'denied', 'denied', 'denied', 'denied', 'done'])
    }
  })

  it('takes the same blob from many sides at once', async () => {
    const bytes = randomBytes(700_000)
    await Promise.all(Array.from({ length: 8 }, () => pushBlob(shop, bytes)))
    expect((await call('GET', `/v2/${shop}/blobs/${digestOf(bytes)}`)).body.equals(bytes)).toBe(true)
  })

  it('ends uploads that nobody touched for a day, with their bytes', async () => {
    const [old, young] = [await start(), await start()]
    for (const location of [old, young]) await patch(location, Buffer.from('half'))
    const id = old.slice(old.lastIndexOf('/') + 1)
    await asPlatform((tx) => tx.blobUpload.update({ where: { id }, data: { touchedAt: new Date(Date.now() - 25 * 3_600_000) } }))
    expect(await sweepUploads()).toBe(1)
    expect((await call('GET', old)).status).toBe(404)
    expect((await call('GET', young)).status).toBe(204)
    expect((await call('DELETE', young)).status).toBe(204)
    expect(readdirSync(join(registry.folder, 'uploads')).filter((name) => name.startsWith(id))).toEqual([])
  })
})

describe('discovery', () => {
  it('lists tags in byte order, page by page', async () => {
    const image = await pushImage('northwind/mail', 'tagged')
    const names = ['B', '_x', 'a', 'b.1', 'b-2', 'v1', 'v10', 'v2']
    for (const name of names) expect((await putManifest('northwind/mail', name, image.manifest)).status).toBe(201)
    const sorted = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    const whole = await call('GET', '/v2/northwind/mail/tags/list')
    expect(whole.json<unknown>()).toEqual({ name: 'northwind/mail', tags: sorted })
    expect(await pages('/v2/northwind/mail/tags/list?n=3', (reply) => reply.json<{ tags: string[] }>().tags)).toEqual([
      sorted.slice(0, 3),
      sorted.slice(3, 6),
      sorted.slice(6),
    ])
    expect((await call('GET', '/v2/northwind/mail/tags/list?n=0')).json<{ tags: string[] }>().tags).toEqual([])
    expect(codeOf(await call('GET', '/v2/northwind/mail/tags/list?n=-1'))).toBe('PAGINATION_NUMBER_INVALID')
  })

  async function pages<T>(first: string, read: (reply: Reply) => T): Promise<T[]> {
    const found: T[] = []
    for (let path: string | undefined = first; path !== undefined;) {
      const reply: Reply = await call('GET', path)
      found.push(read(reply))
      path = /^<([^>]+)>; rel="next"$/.exec(reply.headers.get('link') ?? '')?.[1]
    }
    return found
  }

  it('lists what refers to a subject, also before the subject is here, by type and page by page', async () => {
    const subject = { mediaType: mediaTypes.manifest, digest: smallImage('subject').digest, size: smallImage('subject').manifest.length }
    const path = `/v2/${shop}/referrers/${subject.digest}`
    expect((await call('GET', path)).json<{ manifests: unknown[] }>().manifests).toEqual([])
    const signature = smallImage('signature', { subject, artifactType: 'application/vnd.example.signature', annotations: { by: 'key 1' } })
    const sbom = smallImage('sbom', { subject, artifactType: 'application/vnd.example.sbom' })
    for (const { blobs, manifest, digest } of [signature, sbom]) {
      for (const blob of blobs) await pushBlob(shop, blob)
      expect((await putManifest(shop, digest, manifest)).headers.get('oci-subject')).toBe(subject.digest)
    }
    const all = await call('GET', path)
    expect([all.status, all.headers.get('content-type'), all.headers.get('oci-filters-applied')]).toEqual([200, mediaTypes.index, null])
    expect(
      all
        .json<{ manifests: { digest: string }[] }>()
        .manifests.map(({ digest }) => digest)
        .toSorted(),
    ).toEqual([signature.digest, sbom.digest].toSorted())
    const filtered = await call('GET', `${path}?artifactType=application/vnd.example.signature`)
    expect(filtered.headers.get('oci-filters-applied')).toBe('artifactType')
    expect(filtered.json<{ manifests: unknown[] }>().manifests).toEqual([
      {
        mediaType: mediaTypes.manifest,
        digest: signature.digest,
        size: signature.manifest.length,
        artifactType: 'application/vnd.example.signature',
        annotations: { by: 'key 1' },
      },
    ])
    const digests = (reply: Reply) => reply.json<{ manifests: { digest: string }[] }>().manifests.map(({ digest }) => digest)
    expect((await pages(`${path}?n=1`, digests)).flat()).toEqual([signature.digest, sbom.digest].toSorted())
  })

  it('S-27: takes U+0000 nowhere: not in a query, not as a type', async () => {
    const image = await pushImage(shop, 'with U+0000')
    for (const path of ['_catalog?last=%00', `${shop}/tags/list?last=a%00`, `${shop}/referrers/${image.digest}?artifactType=a%00b`, 'token?x%00=y']) {
      expect([path, (await call('GET', `/v2/${path}`)).status]).toEqual([path, 400])
    }
    const said = JSON.parse(image.manifest.toString()) as { config: object }
    for (const more of [{ artifactType: 'a\0b' }, { config: { ...said.config, mediaType: 'a\0b' } }]) {
      const reply = await putManifest(shop, 'nul', Buffer.from(JSON.stringify({ ...said, ...more })))
      expect([more, reply.status, codeOf(reply)]).toEqual([more, 400, 'MANIFEST_INVALID'])
    }
  })

  it('lists the repositories of the caller', async () => {
    expect((await call('GET', '/v2/_catalog')).json<unknown>()).toEqual({ repositories: ['northwind/mail', shop] })
    const first = await call('GET', '/v2/_catalog?n=1')
    expect(first.json<unknown>()).toEqual({ repositories: ['northwind/mail'] })
    expect(first.headers.get('link')).toBe('</v2/_catalog?n=1&last=northwind%2Fmail>; rel="next"')
  })
})

describe('management', () => {
  it('deletes a tag, a manifest with its tags, and a blob that nothing names; each is one entry', async () => {
    const image = await pushImage(shop, 'deleted', 'deleted-1')
    await putManifest(shop, 'deleted-2', image.manifest)
    const layer = digestOf(image.blobs[1] ?? '')
    const used = await call('DELETE', `/v2/${shop}/blobs/${layer}`)
    expect([used.status, codeOf(used)]).toEqual([409, 'DENIED'])
    const { added } = await entriesOf(async () => {
      expect((await call('DELETE', `/v2/${shop}/manifests/deleted-1`)).status).toBe(202)
      expect((await call('HEAD', `/v2/${shop}/manifests/deleted-1`)).status).toBe(404)
      expect((await call('HEAD', `/v2/${shop}/manifests/deleted-2`)).status).toBe(200)
      expect((await call('DELETE', `/v2/${shop}/manifests/${image.digest}`)).status).toBe(202)
      expect((await call('HEAD', `/v2/${shop}/manifests/deleted-2`)).status).toBe(404)
      expect((await call('GET', `/v2/${shop}/manifests/${image.digest}`)).status).toBe(404)
      expect((await call('DELETE', `/v2/${shop}/blobs/${layer}`)).status).toBe(202)
      expect((await call('GET', `/v2/${shop}/blobs/${layer}`)).status).toBe(404)
    })
    expect(added.map(({ action }) => action)).toEqual(['tag.deleted', 'image.deleted', 'blob.deleted'])
    expect(codeOf(await call('DELETE', `/v2/${shop}/manifests/${image.digest}`))).toBe('MANIFEST_UNKNOWN')
  })

  it('keeps what is pinned, and what a pinned index lists, and says who needs it', async () => {
    const image = await pushImage(shop, 'pinned')
    const index = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: mediaTypes.index,
        manifests: [{ mediaType: mediaTypes.manifest, digest: image.digest, size: image.manifest.length }],
      }),
    )
    expect((await putManifest(shop, 'pinned', index, mediaTypes.index)).status).toBe(201)
    const ctx = createContext({ tenant, actor: systemActor('test') })
    const pin = { tenantId: tenant.id, repository: shop, digest: digestOf(index), pinnedBy: 'release:1', reason: 'release v1.2.3' }
    await ctx.write((tx) => pinManifest(tx, pin))
    await ctx.write((tx) => pinManifest(tx, pin))
    for (const reference of ['pinned', digestOf(index), image.digest]) {
      const { result: reply, added } = await entriesOf(() => call('DELETE', `/v2/${shop}/manifests/${reference}`))
      expect([reply.status, codeOf(reply)]).toEqual([409, 'DENIED'])
      expect(reply.json().errors[0]?.message).toMatch(/release v1\.2\.3 needs it/)
      expect(added).toEqual([{ action: 'registry.delete', outcome: 'denied' }])
    }
    expect((await call('HEAD', `/v2/${shop}/manifests/pinned`)).status).toBe(200)
    await expect(ctx.write((tx) => pinManifest(tx, { ...pin, digest: digestOf('absent') }))).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is read and written by the platform itself, by the same rows and rules', async () => {
    const image = await pushImage(shop, 'platform')
    const ctx = createContext({ tenant, actor: systemActor('test') })
    const input = {
      tenantId: tenant.id,
      repository: shop,
      manifest: image.manifest,
      mediaType: mediaTypes.manifest,
      blobs: [],
      pushedBy: 'system:test',
    }
    for (let i = 0; i < 2; i += 1) {
      expect(await ctx.write((tx) => putImage(tx, { ...input, tag: 'v3.0.0' }))).toEqual({ digest: image.digest })
    }
    const found = await ctx.read((tx) => getManifest(tx, { repository: shop, reference: 'v3.0.0' }))
    expect([found.digest, found.content.equals(image.manifest)]).toEqual([image.digest, true])
    const other = smallImage('platform, otherwise')
    await expect(ctx.write((tx) => putImage(tx, { ...input, manifest: other.manifest, tag: 'v3.0.0' }))).rejects.toMatchObject({ code: 'tag_taken' })
    await expect(ctx.read((tx) => getManifest(tx, { repository: shop, reference: 'v3.0.1' }))).rejects.toMatchObject({ code: 'not_found' })
  })
})
