// Spring Boot's configuration metadata of a JAR and of the JARs inside it. What cannot be read is as if it were not there:
// whether the archive may be taken is decided elsewhere. Format: Spring Boot, "Configuration Metadata".
import { inflateRawSync } from 'node:zlib'
import type { ConfigProperty } from '#lib/tenants/config-property'
import { readAt, type ZipEntry } from '#lib/builder/internal/zip-bytes'
import { readSmall } from '#lib/builder/internal/zip-data'

export const configPropertyLimits = { properties: 10_000, bytes: 6 * 1024 ** 2 }

const fileNames = ['META-INF/spring-configuration-metadata.json', 'META-INF/additional-spring-configuration-metadata.json']
const maxFileBytes = 8 * 1024 ** 2
const maxNestedBytes = 48 * 1024 ** 2

/** The properties of the archive first, then those of nested JARs; the first that names one counts. Sorted by name. */
export async function readConfigProperties(file: number, entries: readonly ZipEntry[]): Promise<ConfigProperty[]> {
  const found = new Map<string, ConfigProperty>()
  for (const name of [...fileNames, ...fileNames.map((one) => `BOOT-INF/classes/${one}`)]) {
    const entry = entries.find((one) => one.name === name && one.sizeBytes <= maxFileBytes)
    if (entry) add(found, await readSmall(file, entry, maxFileBytes))
  }
  for (const entry of entries) {
    if (!/^(?:BOOT-INF|WEB-INF)\/lib\/[^/]+\.jar$/.test(entry.name)) continue
    for (const content of await nestedFiles(file, entry)) add(found, content)
  }
  return bounded([...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)))
}

function bounded(properties: ConfigProperty[]): ConfigProperty[] {
  let bytes = 0
  return properties.slice(0, configPropertyLimits.properties).filter((one) => {
    bytes += JSON.stringify(one).length + 1
    return bytes < configPropertyLimits.bytes
  })
}

function add(found: Map<string, ConfigProperty>, content: Buffer): void {
  let document: unknown
  try {
    document = JSON.parse(content.toString('utf8'))
  } catch {
    return
  }
  const hints = new Map(listOf(document, 'hints').map((hint) => [textOf(hint, 'name'), listOf(hint, 'values').map((one) => textOf(one, 'value'))]))
  for (const each of listOf(document, 'properties')) {
    const name = textOf(each, 'name').slice(0, 300)
    if (name === '' || found.has(name)) continue
    const deprecation = deprecationOf(each)
    const values = (hints.get(name) ?? []).filter((value) => value !== '' && value.length <= 100).slice(0, 60)
    found.set(name, {
      name,
      type: textOf(each, 'type').slice(0, 300),
      description: textOf(each, 'description').slice(0, 400),
      defaultValue: textOf(each, 'defaultValue').slice(0, 300),
      ...(deprecation ? { deprecation } : {}),
      ...(values.length > 0 ? { values } : {}),
    })
  }
}

function deprecationOf(property: unknown): ConfigProperty['deprecation'] {
  const detail = fieldOf(property, 'deprecation')
  if (detail === undefined && fieldOf(property, 'deprecated') !== true) return undefined
  return {
    level: textOf(detail, 'level') === 'error' ? 'error' : 'warning',
    reason: textOf(detail, 'reason').slice(0, 300),
    replacement: textOf(detail, 'replacement').slice(0, 300),
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}

function listOf(value: unknown, name: string): unknown[] {
  const list = fieldOf(value, name)
  return Array.isArray(list) ? list : []
}

/** A text, a number, a switch, or a list of them. */
function textOf(value: unknown, name: string): string {
  const field = fieldOf(value, name)
  if (typeof field === 'string') return field
  if (typeof field === 'number' || typeof field === 'boolean') return String(field)
  return Array.isArray(field) ? field.filter((one) => typeof one !== 'object').join(',') : ''
}

type Read = (position: number, length: number) => Buffer

/** The metadata files of a JAR inside the archive; stored ones, as Spring Boot packs them, are read where they lie. */
function nestedFiles(file: number, entry: ZipEntry): Promise<Buffer[]> {
  return inNested(file, entry, filesOf)
}

/** Names and checksums of what is in a JAR inside the archive; nothing where it cannot be read. */
export function nestedEntries(file: number, entry: ZipEntry): Promise<{ name: string; crc32: number }[]> {
  return inNested(file, entry, (read, size) => {
    const found: { name: string; crc32: number }[] = []
    const directory = directoryOf(read, size)
    for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02014b50;) {
      const nameEnd = at + 46 + directory.readUInt16LE(at + 28)
      found.push({ name: directory.toString('utf8', at + 46, nameEnd), crc32: directory.readUInt32LE(at + 16) })
      at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
    }
    return found
  })
}

async function inNested<T>(file: number, entry: ZipEntry, look: (read: Read, size: number) => T[]): Promise<T[]> {
  try {
    if (entry.method === 0) return look((position, length) => readAt(file, entry.dataOffset + position, length), entry.sizeBytes)
    if (entry.sizeBytes > maxNestedBytes) return []
    const whole = await readSmall(file, entry, maxNestedBytes)
    return look((position, length) => whole.subarray(position, position + length), whole.length)
  } catch {
    return []
  }
}

function filesOf(read: Read, size: number): Buffer[] {
  return contentsOf(read, directoryOf(read, size), size)
}

/** The central directory; empty where there is none that can be read. */
function directoryOf(read: Read, size: number): Buffer {
  const tailBytes = Math.min(size, 22 + 65_535)
  const tail = read(size - tailBytes, tailBytes)
  let end = tail.length - 22
  while (end >= 0 && tail.readUInt32LE(end) !== 0x06054b50) end -= 1
  if (end < 0) return Buffer.alloc(0)
  const [directoryBytes, directoryOffset] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)]
  if (directoryOffset + directoryBytes > size || directoryBytes > maxFileBytes) return Buffer.alloc(0)
  return read(directoryOffset, directoryBytes)
}

function contentsOf(read: Read, directory: Buffer, size: number): Buffer[] {
  const contents: Buffer[] = []
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02014b50;) {
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28)
    const name = directory.toString('utf8', at + 46, nameEnd)
    if (fileNames.includes(name)) {
      const [method, packed, unpacked] = [directory.readUInt16LE(at + 10), directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 24)]
      const local = directory.readUInt32LE(at + 42)
      if (local + 30 <= size && packed <= maxFileBytes && unpacked <= maxFileBytes) {
        const head = read(local, 30)
        const start = local + 30 + head.readUInt16LE(26) + head.readUInt16LE(28)
        if (start + packed <= size) {
          const raw = read(start, packed)
          contents.push(method === 0 ? Buffer.from(raw) : inflateRawSync(raw, { maxOutputLength: maxFileBytes }))
        }
      }
    }
    at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return contents
}
