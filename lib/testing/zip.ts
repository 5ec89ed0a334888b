// A zip writer that can lie in every field, for archives that no honest tool writes. Format: PKWARE APPNOTE 4.3.
import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipFields {
  name: string | Buffer
  flags: number
  method: number
  crc32: number
  compressedBytes: number
  sizeBytes: number
  extra: Buffer
}

export interface ZipPart {
  name: string | Buffer
  content?: string | Buffer
  /** 0 stored (the default), 8 deflated. */
  method?: number
  flags?: number
  /** What follows the data, for streamed entries. */
  descriptor?: Buffer
  /** What is written as compressed data instead of the truth. */
  raw?: Buffer
  /** MS-DOS time and date. */
  time?: number
  madeBy?: number
  attributes?: number
  central?: Partial<ZipFields> & { offset?: number; disk?: number; comment?: Buffer }
  local?: Partial<ZipFields>
}

export interface ZipOptions {
  /** In front of everything; offsets count from behind it when `moved` is false. */
  prefix?: Buffer
  moved?: boolean
  beforeDirectory?: Buffer
  beforeEnd?: Buffer
  comment?: Buffer
  suffix?: Buffer
  end?: { entries?: number; directoryBytes?: number; directoryOffset?: number; disk?: number }
}

export function zipOf(parts: readonly ZipPart[], options: ZipOptions = {}): Buffer {
  const { prefix = Buffer.alloc(0), moved = true } = options
  const blocks: Buffer[] = []
  const directory: Buffer[] = []
  let offset = moved ? prefix.length : 0
  for (const part of parts) {
    const content = Buffer.from(part.content ?? '')
    const method = part.method ?? 0
    const raw = part.raw ?? (method === 8 ? deflateRawSync(content) : content)
    const { name, flags = 0 } = part
    const truth = { name, flags, method, crc32: crc32(content), compressedBytes: raw.length, sizeBytes: content.length, extra: Buffer.alloc(0) }
    const block = Buffer.concat([local(part, { ...truth, ...part.local }), raw, part.descriptor ?? Buffer.alloc(0)])
    directory.push(central(part, { ...truth, ...part.central }, part.central?.offset ?? offset))
    blocks.push(block)
    offset += block.length
  }
  const central_ = Buffer.concat(directory)
  const before = options.beforeDirectory ?? Buffer.alloc(0)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(options.end?.disk ?? 0, 4)
  end.writeUInt16LE(options.end?.entries ?? parts.length, 8)
  end.writeUInt16LE(options.end?.entries ?? parts.length, 10)
  end.writeUInt32LE(options.end?.directoryBytes ?? central_.length, 12)
  end.writeUInt32LE(options.end?.directoryOffset ?? offset + before.length, 16)
  end.writeUInt16LE(options.comment?.length ?? 0, 20)
  const rest = [options.beforeEnd ?? Buffer.alloc(0), end, options.comment ?? Buffer.alloc(0), options.suffix ?? Buffer.alloc(0)]
  return Buffer.concat([prefix, ...blocks, before, central_, ...rest])
}

function local(part: ZipPart, fields: ZipFields): Buffer {
  const name = Buffer.from(fields.name)
  const head = Buffer.alloc(30)
  head.writeUInt32LE(0x04034b50, 0)
  head.writeUInt16LE(20, 4)
  common(head, 6, part, fields)
  head.writeUInt16LE(name.length, 26)
  head.writeUInt16LE(fields.extra.length, 28)
  return Buffer.concat([head, name, fields.extra])
}

function central(part: ZipPart, fields: ZipFields, offset: number): Buffer {
  const name = Buffer.from(fields.name)
  const comment = part.central?.comment ?? Buffer.alloc(0)
  const head = Buffer.alloc(46)
  head.writeUInt32LE(0x02014b50, 0)
  head.writeUInt16LE((part.madeBy ?? 0) * 256 + 20, 4)
  head.writeUInt16LE(20, 6)
  common(head, 8, part, fields)
  head.writeUInt16LE(name.length, 28)
  head.writeUInt16LE(fields.extra.length, 30)
  head.writeUInt16LE(comment.length, 32)
  head.writeUInt16LE(part.central?.disk ?? 0, 34)
  head.writeUInt32LE((part.attributes ?? 0) >>> 0, 38)
  head.writeUInt32LE(offset, 42)
  return Buffer.concat([head, name, fields.extra, comment])
}

function common(head: Buffer, at: number, part: ZipPart, fields: ZipFields): void {
  head.writeUInt16LE(fields.flags, at)
  head.writeUInt16LE(fields.method, at + 2)
  head.writeUInt32LE((part.time ?? 0x58210000) >>> 0, at + 4)
  head.writeUInt32LE(fields.crc32, at + 8)
  head.writeUInt32LE(fields.compressedBytes, at + 12)
  head.writeUInt32LE(fields.sizeBytes, at + 16)
}

/** One extra field. */
export function extraOf(id: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16LE(id, 0)
  head.writeUInt16LE(value.length, 2)
  return Buffer.concat([head, value])
}

/** The first bytes of a class file for a Java release; enough for whoever reads its version only. */
export function classOf(javaLevel: number): Buffer {
  return Buffer.from([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, javaLevel + 44, 0, 1])
}

export const manifestName = 'META-INF/MANIFEST.MF'

export function manifestPart(attributes: Record<string, string>): ZipPart {
  const lines = Object.entries({ 'Manifest-Version': '1.0', ...attributes }).map(([name, value]) => `${name}: ${value}`)
  return { name: manifestName, content: `${lines.join('\r\n')}\r\n\r\n`, method: 8 }
}

/** The parts of a JAR that starts class Main. */
export function plainJar(javaLevel = 17): ZipPart[] {
  return [
    manifestPart({ 'Main-Class': 'Main' }),
    { name: 'Main.class', content: classOf(javaLevel), method: 8 },
    { name: 'words.txt', content: 'words '.repeat(100), method: 8 },
  ]
}

export interface BootOptions {
  layersIndex?: string
  /** File names below BOOT-INF/lib. */
  libraries?: string[]
  launcher?: string
}

/** The parts of a Spring Boot JAR. */
export function bootJar(options: BootOptions = {}): ZipPart[] {
  const {
    layersIndex,
    libraries = ['core-1.0.jar', 'edge-2.0-SNAPSHOT.jar'],
    launcher = 'org.springframework.boot.loader.launch.JarLauncher',
  } = options
  const index = layersIndex === undefined ? {} : { 'Spring-Boot-Layers-Index': 'BOOT-INF/layers.idx' }
  return [
    manifestPart({ 'Main-Class': launcher, 'Start-Class': 'shop.Shop', 'Spring-Boot-Version': '3.4.5', ...index }),
    { name: `${launcher.replaceAll('.', '/')}.class`, content: classOf(17), method: 8 },
    { name: 'BOOT-INF/' },
    { name: 'BOOT-INF/classes/' },
    { name: 'BOOT-INF/classes/empty/' },
    { name: 'BOOT-INF/classes/shop/Shop.class', content: classOf(21), method: 8 },
    { name: 'BOOT-INF/classes/application.yaml', content: 'server:\n  port: 8080\n', method: 8 },
    ...libraries.map((library) => ({ name: `BOOT-INF/lib/${library}`, content: zipOf([{ name: library, content: library }]) })),
    ...(layersIndex === undefined ? [] : [{ name: 'BOOT-INF/layers.idx', content: layersIndex, method: 8 }]),
  ]
}
