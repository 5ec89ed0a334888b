// Every refusal of an upload over real HTTP, as the body itself and as a form: the words, and that nothing of it stays.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownRoutes } from '#bin/http/own-routes'
import { createHttpServer } from '#bin/http/server'
import { upload } from '#bin/http/upload'
import type { TenantRef } from '#lib/platform/context'
import { useTestDatabase } from '#lib/testing/database'
import { eventually } from '#lib/testing/eventually'
import { asPlatform, makeApplication, makePerson, makeTenant } from '#lib/testing/factories'
import { bearerOf, makeToken, type RouteAnswer } from '#lib/testing/http'
import { callOver } from '#lib/testing/raw-http'
import { expectRefusal, type ExpectedRefusal } from '#lib/testing/refusals'
import { manifestPart, plainJar, zipOf } from '#lib/testing/zip'

const state = useTestDatabase()
const maxBytes = 512 * 1024
const good = zipOf(plainJar())
const other = zipOf([...plainJar(), { name: 'more.txt', content: 'more' }])
const zeros = Buffer.alloc(40 * 1024 ** 2)
const bomb = zipOf([...plainJar(), { name: 'zeros', content: zeros, method: 8, raw: deflateRawSync(zeros, { level: 9 }) }])

let url = ''
let close: () => void
let tenant: TenantRef
let stranger = ''
let viewer = ''
let pushOnly = ''
const developers = { raw: '', form: '' }

beforeAll(async () => {
  process.env['CAISSON_MAX_UPLOAD_BYTES'] = String(maxBytes)
  const answerNothing = async () => {}
  const server = createHttpServer({
    health: answerNothing,
    ready: answerNothing,
    registry: answerNothing,
    pages: answerNothing,
    own: ownRoutes({ 'POST /api/v1/tenants/{tenant}/applications/{application}/releases': upload }),
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  close = () => {
    server.closeAllConnections()
    server.close()
  }
  tenant = await makeTenant({ slug: 'northwind' })
  await makeApplication(tenant, 'orders')
  await makeApplication(tenant, 'mail')
  for (const way of ['raw', 'form'] as const) developers[way] = await bearerOf(await makePerson({ tenant, roles: ['developer'] }))
  viewer = await bearerOf(await makePerson({ tenant, roles: ['viewer'] }))
  const theirs = await makeTenant({ slug: 'contoso' })
  await makeApplication(theirs, 'orders')
  stranger = await makeToken(await makePerson({ tenant: theirs, roles: ['developer'] }), theirs, ['artifact.upload'])
  pushOnly = await makeToken(await makePerson({ tenant, roles: ['developer'] }), tenant, ['tenant.read', 'registry.push'])
  mkdirSync(join(state.dataDir, 'uploads'), { recursive: true })
  expect((await send('raw', { name: 'v1.0.0' }, good)).status).toBe(201)
})
afterAll(() => {
  close()
  delete process.env['CAISSON_MAX_UPLOAD_BYTES']
})

type Way = 'raw' | 'form'

interface Sending {
  as?: string
  application?: string
  headers?: Record<string, string>
  /** Without Content-Length, in chunks. */
  isChunked?: boolean
}

const boundary = 'a-boundary-of-the-test'

function formOf(fields: Record<string, string>, file: Buffer, more = ''): Buffer {
  const parts = Object.entries(fields).map(([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="orders.jar"\r\ncontent-type: application/java-archive\r\n\r\n`
  return Buffer.concat([Buffer.from(parts.join('') + head), file, Buffer.from(`\r\n${more}--${boundary}--\r\n`)])
}

function pieces(bytes: Buffer): Buffer[] {
  const size = 64 * 1024
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size))
}

function send(way: Way, fields: Record<string, string>, file: Buffer, sending: Sending = {}): Promise<RouteAnswer> {
  const { as = developers[way], application = 'orders', headers = {}, isChunked = false } = sending
  const body = way === 'form' ? formOf(fields, file) : file
  const query = way === 'form' ? '' : `?${new URLSearchParams(fields).toString()}`
  const type = way === 'form' ? `multipart/form-data; boundary=${boundary}` : 'application/java-archive'
  return callOver(`${url}/api/v1/tenants/northwind/applications/${application}/releases${query}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${as}`,
      'content-type': type,
      ...(isChunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(body.length) }),
      ...headers,
    },
    body: pieces(body),
  })
}

/** Every file of the data directory that an upload could leave. */
function files(): string[] {
  return ['blobs', 'uploads'].flatMap((folder) =>
    readdirSync(join(state.dataDir, folder), { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
    ),
  )
}

async function expectNothing(expected: ExpectedRefusal, call: () => Promise<RouteAnswer>): Promise<RouteAnswer> {
  const before = files()
  const answer = await expectRefusal(expected, call)
  expect(answer.body.fix).toMatch(/\w+ .*\.$/)
  expect(files()).toEqual(before)
  return answer
}

interface Row {
  it: string
  fields?: Record<string, string>
  file?: Buffer
  sending?: () => Sending
  expected: ExpectedRefusal
}

const rows: Row[] = [
  { it: 'what is no zip', file: Buffer.from('hello '.repeat(100)), expected: { code: 'not_a_jar', words: /not a zip archive/ } },
  { it: 'a truncated zip', file: good.subarray(0, good.length >> 1), expected: { code: 'not_a_jar', words: /cut off/ } },
  {
    it: 'an entry that climbs out',
    file: zipOf([...plainJar(), { name: '../../etc/passwd', content: 'x' }]),
    expected: { code: 'unsafe_archive', words: /\.\.\/\.\.\/etc\/passwd/ },
  },
  {
    it: 'two manifests',
    file: zipOf([...plainJar(), manifestPart({ 'Main-Class': 'Evil' })]),
    expected: { code: 'unsafe_archive', words: /META-INF\/MANIFEST\.MF.*twice|twice.*META-INF\/MANIFEST\.MF/ },
  },
  { it: 'a zip bomb', file: bomb, expected: { code: 'unsafe_archive', words: /zeros|times|ratio/ } },
  { it: '0 bytes', file: Buffer.alloc(0), expected: { code: 'not_a_jar', words: /The file is empty/ } },
  { it: 'more than the cap, which says so', file: Buffer.alloc(maxBytes * 4), expected: { code: 'too_large', words: /larger than 524288 bytes/ } },
  {
    it: 'more than the cap, in chunks that say nothing',
    file: Buffer.alloc(maxBytes + 1),
    sending: () => ({ isChunked: true }),
    expected: { code: 'too_large', words: /larger than 524288 bytes/, fix: /CAISSON_MAX_UPLOAD_BYTES/ },
  },
  {
    it: 'no main class',
    file: zipOf([manifestPart({}), { name: 'Main.class', content: 'x' }]),
    expected: { code: 'unsupported', words: /Main-Class|main class/i },
  },
  {
    it: 'S2.4: a name that has other bytes',
    fields: { name: 'v1.0.0' },
    file: other,
    expected: { code: 'tag_taken', words: /orders has a release v1\.0\.0 already, with other bytes/, fix: /v1\.0\.1/ },
  },
  {
    it: 'another digest than was said',
    fields: { digest: `sha256:${'0'.repeat(64)}` },
    expected: { code: 'invalid_input', words: /hash to sha256:[0-9a-f]{64}, not to sha256:0{64}/ },
  },
  { it: 'a digest that is none', fields: { digest: 'md5:00' }, expected: { code: 'invalid_input', words: /digest: is not sha256/ } },
  { it: 'a floating name', fields: { name: 'latest' }, expected: { code: 'invalid_input', words: /"latest" is not a release name/ } },
  { it: 'a name that the content gives', fields: { name: 'sha-0123456789ab' }, expected: { code: 'invalid_input', words: /gives itself/ } },
  { it: 'a spec that is none', fields: { spec: '{"replicas":"many"}' }, expected: { code: 'invalid_input', words: /component spec/ } },
  { it: 'a field that it does not know', fields: { tenant: 'contoso' }, expected: { code: 'invalid_input', words: /tenant/ } },
  {
    it: 'another application than the one of the address',
    fields: { application: 'mail' },
    expected: { code: 'invalid_input', words: /application/ },
  },
  { it: 'a file name with U+0000', fields: { fileName: 'a\0b.jar' }, expected: { code: 'invalid_input', words: /U\+0000/ } },
  { it: 'an application that is not there', sending: () => ({ application: 'none' }), expected: { code: 'not_found', words: /no application none/ } },
  {
    it: 'S-11: a token of another tenant',
    sending: () => ({ as: stranger }),
    expected: { code: 'not_found', words: /no tenant northwind that you can see/ },
  },
  { it: 'a role without the verb', sending: () => ({ as: viewer }), expected: { code: 'forbidden', words: /may upload/ } },
  { it: 'a token without the verb', sending: () => ({ as: pushOnly }), expected: { code: 'forbidden', words: /This token may not upload/ } },
]

describe.each(['raw', 'form'] as const)('an upload (%s) is refused in words, changes nothing, keeps no file and leaves one denied entry:', (way) => {
  for (const row of rows) {
    it(row.it, async () => {
      await expectNothing(row.expected, () => send(way, row.fields ?? {}, row.file ?? other, row.sending?.()))
    })
  }

  it('R-13: a line that breaks in the middle, at the first byte and before the last one', async () => {
    const whole = way === 'form' ? formOf({}, other) : other
    for (const sent of [1, whole.length >> 1, whole.length - 1]) {
      const before = files()
      await expectRefusalAlone(() => breakAfter(way, whole, sent))
      await eventually('the file is gone', () => files().length === before.length)
      expect(files()).toEqual(before)
    }
  })
})

async function deniedCount(): Promise<number> {
  return asPlatform((tx) => tx.auditEntry.count({ where: { outcome: 'denied' } }))
}

/** One denied entry, and no other row of a release: there is nobody left to answer. */
async function expectRefusalAlone(act: () => Promise<void>): Promise<void> {
  const before = { denied: await deniedCount(), releases: await asPlatform((tx) => tx.release.count()) }
  await act()
  await eventually('it is in the log', async () => (await deniedCount()) > before.denied)
  expect({ denied: await deniedCount(), releases: await asPlatform((tx) => tx.release.count()) }).toEqual({ ...before, denied: before.denied + 1 })
  const [last] = await asPlatform((tx) => tx.auditEntry.findMany({ where: { outcome: 'denied' }, orderBy: { id: 'desc' }, take: 1 }))
  expect(last?.content).toContain('The connection broke before the upload was whole')
}

async function breakAfter(way: Way, whole: Buffer, sent: number): Promise<void> {
  const before = files().length
  const type = way === 'form' ? `multipart/form-data; boundary=${boundary}` : 'application/java-archive'
  const head = [
    'POST /api/v1/tenants/northwind/applications/orders/releases HTTP/1.1',
    'host: localhost',
    `authorization: Bearer ${developers[way]}`,
    `content-type: ${type}`,
    `content-length: ${whole.length}`,
  ]
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  socket.write(whole.subarray(0, sent))
  if (way === 'raw') await eventually('it arrives', () => files().length > before)
  else await new Promise((flushed) => socket.write('', flushed))
  socket.destroy()
}

describe('a form', () => {
  const post = (body: Buffer, headers: Record<string, string> = {}) =>
    callOver(`${url}/api/v1/tenants/northwind/applications/orders/releases`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${developers.form}`,
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': String(body.length),
        ...headers,
      },
      body: pieces(body),
    })
  const part = (name: string, value: string, file = '') =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`

  it('is refused with two files, a field twice, no file, a field too many or too long, and without a boundary', async () => {
    const invalid = (words: RegExp) => ({ code: 'invalid_input', words }) as const
    await expectNothing(invalid(/more in it than one file/), () => post(formOf({}, other, part('file', 'x', '; filename="second.jar"'))))
    await expectNothing(invalid(/"name" is said twice/), () => post(formOf({ name: 'v3.0.0' }, other, part('name', 'v4.0.0'))))
    await expectNothing(invalid(/no file/), () => post(Buffer.from(`${part('name', 'v3.0.0')}--${boundary}--\r\n`)))
    const many = Array.from({ length: 11 }, (_, n) => part(`field-${n}`, 'x')).join('')
    await expectNothing(invalid(/more in it/), () => post(formOf({}, other, many)))
    await expectNothing(invalid(/spec is too long/), () => post(formOf({ spec: 'x'.repeat(200_000) }, other)))
    await expectNothing(invalid(/__proto__/), () => post(formOf({ ['__proto__']: '{"isNew":true}' }, other)))
    await expectNothing(invalid(/where its parts end/), () => post(formOf({}, other), { 'content-type': 'multipart/form-data' }))
    await expectNothing(invalid(/malformed/), () => post(Buffer.from('no form at all')))
  })
})

describe('an upload', () => {
  it('that has neither a length nor chunks is an empty one', async () => {
    await expectNothing({ code: 'not_a_jar', words: /The file is empty/ }, () =>
      callOver(`${url}/api/v1/tenants/northwind/applications/orders/releases`, {
        method: 'POST',
        headers: { authorization: `Bearer ${developers.raw}`, 'content-length': '0' },
      }),
    )
  })

  it('S-20: of nobody, or of a token that is none, is told so before its body, and is in no log', async () => {
    const before = { files: files(), entries: await asPlatform((tx) => tx.auditEntry.count()) }
    for (const as of ['x', 'cat_x', '']) {
      expect(await send('raw', {}, other, { as })).toMatchObject({ status: 401, body: { code: 'unauthenticated', fix: expect.any(String) } })
    }
    expect({ files: files(), entries: await asPlatform((tx) => tx.auditEntry.count()) }).toEqual(before)
  })

  it('of a broken address is refused, and is no fault', async () => {
    for (const path of ['%zz', '%00', '%ff', '%c0%ae', 'a%0d%0ab', 'x'.repeat(400)]) {
      const answer = await callOver(`${url}/api/v1/tenants/northwind/applications/${path}/releases`, {
        method: 'POST',
        headers: { authorization: `Bearer ${viewer}` },
      })
      expect([path.slice(0, 20), answer.status]).toEqual([path.slice(0, 20), expect.toSatisfy((status: number) => [400, 403].includes(status))])
    }
  })

  it('S-09: seals nothing when its token was revoked while it arrived', async () => {
    const secret = await makeToken(await makePerson({ tenant, roles: ['developer'] }), tenant, ['artifact.upload'])
    const before = { files: files(), releases: await asPlatform((tx) => tx.release.count()) }
    const tokenHash = createHash('sha256').update(secret).digest('hex')
    const path = '/api/v1/tenants/northwind/applications/orders/releases'
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    let heard = ''
    socket.on('data', (chunk) => (heard += chunk.toString()))
    socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${secret}\r\ncontent-length: ${other.length}\r\n\r\n`)
    socket.write(other.subarray(0, 100))
    await eventually('it arrives', () => files().length > before.files.length)
    await asPlatform((tx) => tx.apiToken.updateMany({ where: { tokenHash }, data: { revokedAt: new Date() } }))
    socket.write(other.subarray(100))
    await eventually('it is answered', () => heard.includes('\r\n\r\n'))
    expect(heard).toMatch(/^HTTP\/1\.1 401 .*"code":"unauthenticated"/s)
    socket.destroy()
    expect({ files: files(), releases: await asPlatform((tx) => tx.release.count()) }).toEqual(before)
  })

  it('that was good all along is taken, in either way, after all of this', async () => {
    const digest = `sha256:${createHash('sha256').update(other).digest('hex')}`
    expect((await send('form', { name: 'v2.0.0', digest }, other)).status).toBe(201)
    expect(await send('raw', { name: 'v2.0.0', digest }, other, { isChunked: true })).toMatchObject({ status: 200, body: { isNew: false } })
    expect(readdirSync(join(state.dataDir, 'uploads'))).toEqual([])
  })
})
