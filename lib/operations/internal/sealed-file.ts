// Bytes sealed under a passphrase: scrypt → AES-256-GCM in chunks (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár,
// as in age): each nonce has the number of its chunk and whether it is the last one, so that a chunk that is changed, moved, repeated or
// missing is no chunk of this file. Any length, little memory.
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { ByteReader } from '#lib/operations/internal/byte-reader'
import { Refusal } from '#lib/platform/refusal'

const magic = 'caisson-backup'
const formatVersion = 1
const chunkBytes = 64 * 1024
const tagBytes = 16
const longestHeader = 4096

/** RFC 7914 parameters: 128 MiB and most of a second. A file may ask for eight times that and no more. */
const cost = { N: 2 ** 17, r: 8, p: 1 } as const
const greatestN = 2 ** 20

const base64 = z.base64().max(200)
const headerSchema = z.strictObject({
  version: z.number().int(),
  kdf: z.literal('scrypt'),
  N: z.number().int().min(1024).max(greatestN),
  r: z.literal(8),
  p: z.literal(1),
  salt: base64,
  nonce: base64,
})
type Header = z.output<typeof headerSchema>

/** The sealed form of `source`, chunk by chunk. `N` is how dear a guess is; a test takes less. */
export async function* seal(source: AsyncIterable<Uint8Array>, passphrase: string, N: number = cost.N): AsyncGenerator<Buffer> {
  const header: Header = {
    version: formatVersion,
    kdf: 'scrypt',
    ...cost,
    N,
    salt: randomBytes(16).toString('base64'),
    nonce: randomBytes(7).toString('base64'),
  }
  const text = JSON.stringify(header)
  const keys = await deriveKeys(passphrase, header)
  yield Buffer.from(`${magic} ${text}\n${macOf(keys.mac, text)}\n`)
  const reader = new ByteReader(source)
  for (let index = 0; ; index += 1) {
    const chunk = await reader.take(chunkBytes)
    const isLast = await reader.isAtEnd()
    const cipher = createCipheriv('aes-256-gcm', keys.content, nonceOf(header, index, isLast))
    yield Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()])
    if (isLast) return
  }
}

/**
 * The bytes of a sealed file. Refuses with `unsupported` what is no such file or a newer form of it, and with `invalid_input` a wrong
 * passphrase and a file that was altered or cut; every chunk was authenticated before it is given out.
 */
export async function* unseal(source: AsyncIterable<Uint8Array>, passphrase: string): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source)
  const { header, text, mac } = await readHeader(reader)
  const keys = await deriveKeys(passphrase, header)
  const expected = Buffer.from(macOf(keys.mac, text))
  if (expected.length !== mac.length || !timingSafeEqual(expected, Buffer.from(mac))) {
    throw new Refusal('invalid_input', 'The passphrase does not open this backup.', { fix: 'Give the passphrase that it was made with.' })
  }
  for (let index = 0; ; index += 1) {
    const chunk = await reader.take(chunkBytes + tagBytes)
    const isLast = await reader.isAtEnd()
    if (chunk.length < tagBytes) throw altered(index)
    const decipher = createDecipheriv('aes-256-gcm', keys.content, nonceOf(header, index, isLast))
    decipher.setAuthTag(chunk.subarray(-tagBytes))
    let plain: Buffer
    try {
      plain = Buffer.concat([decipher.update(chunk.subarray(0, -tagBytes)), decipher.final()])
    } catch {
      throw altered(index)
    }
    yield plain
    if (isLast) return
  }
}

async function readHeader(reader: ByteReader): Promise<{ header: Header; text: string; mac: string }> {
  const line = (await reader.line(longestHeader)) ?? ''
  const mac = (await reader.line(longestHeader)) ?? ''
  if (!line.startsWith(`${magic} `))
    throw new Refusal('unsupported', 'This file is no backup of Caisson.', { fix: 'Name a file that `caisson backup` wrote.' })
  const text = line.slice(magic.length + 1)
  const parsed = headerSchema.safeParse(json(text))
  if (!parsed.success) throw new Refusal('invalid_input', 'The head of this backup was altered.', { fix: 'Take another copy of it.' })
  if (parsed.data.version !== formatVersion) {
    throw new Refusal('unsupported', `This backup has the form ${parsed.data.version}, and this program reads ${formatVersion}.`, {
      fix: 'Restore it with the version of Caisson that made it.',
    })
  }
  return { header: parsed.data, text, mac }
}

function altered(index: number): Refusal {
  return new Refusal('invalid_input', `The backup was altered or cut off, in its part ${index + 1}.`, {
    fix: 'Take another copy of it, or an older backup.',
  })
}

/** 7 bytes of the file, 4 of the chunk's number, 1 that says it is the last. */
function nonceOf({ nonce }: Header, index: number, isLast: boolean): Buffer {
  const number = Buffer.alloc(5)
  number.writeUInt32BE(index)
  number[4] = isLast ? 1 : 0
  return Buffer.concat([Buffer.from(nonce, 'base64').subarray(0, 7), number])
}

async function deriveKeys(passphrase: string, { N, r, p, salt, nonce }: Header): Promise<{ content: Buffer; mac: Buffer }> {
  // NFKC: the same passphrase typed on another keyboard is the same.
  const secret = await new Promise<Buffer>((done, fail) => {
    scrypt(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), 32, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      error ? fail(error) : done(key),
    )
  })
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', secret, Buffer.from(nonce, 'base64'), `${magic} ${use}`, 32))
  return { content: derive('content'), mac: derive('header') }
}

function macOf(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(createHash('sha256').update(text).digest()).digest('base64')
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
