import type { JarInspection } from '#lib/builder/image'
import type { JarFacts } from '#lib/tenants/jar-facts'
import { parseLayersIndex, planLayers, type PlannedLayer } from '#lib/builder/internal/boot-layers'
import { mainAttributes, shownAttributes } from '#lib/builder/internal/jar-manifest'
import { sourceOf } from '#lib/builder/internal/layer-source'
import { Migrations } from '#lib/builder/internal/migrations'
import { openNested } from '#lib/builder/internal/nested-jar'
import { notJar, show, unsafe, type ZipEntry } from '#lib/builder/internal/zip-bytes'
import { ConfigProperties } from '#lib/builder/internal/spring-metadata'
import { readSmall, verifyEntry } from '#lib/builder/internal/zip-data'
import { readZipDirectory } from '#lib/builder/internal/zip-directory'
import { Refusal } from '#lib/platform/refusal'

const maxManifestBytes = 4 * 1024 ** 2
const maxIndexBytes = 4 * 1024 ** 2

export interface Expectations {
  /** Newest Java release that a class file may claim. */
  newestJava: number
  /** Asked for when it is needed: sources of layers whose entries passed their checks before. */
  known: () => Promise<ReadonlySet<string>>
  /** SHA-256 (hex) of stretches of the file, by `offset length`. */
  hashes: ReadonlyMap<string, string>
}

export interface InspectedLayer extends PlannedLayer {
  source: string
  isKnown: boolean
}

/** What is inside, what it says about its own configuration, and the files of a Spring Boot JAR by layer; all of it was checked. */
export async function inspectArchive(file: number, expected: Expectations): Promise<JarInspection & { layers: InspectedLayer[] }> {
  const jar = await openJar(file)
  const { entries, byName, manifest } = jar
  const mainClass = manifest.get('main-class')
  if (!mainClass) {
    throw new Refusal('unsupported', 'The manifest names no Main-Class, so `java -jar` cannot start it.', {
      fix: 'Build an executable JAR: set Main-Class in the manifest.',
    })
  }
  const mainEntry = byName.get(classFile(mainClass))
  if (!mainEntry) {
    throw new Refusal('unsupported', `The manifest names ${show(mainClass)} as Main-Class, and the JAR has no such class.`, {
      fix: 'Correct the manifest, or build a JAR with its dependencies inside.',
    })
  }
  const startClass = isBoot(jar) ? (manifest.get('start-class') ?? '') : undefined
  const levelEntry = startClass === undefined ? mainEntry : (byName.get(`BOOT-INF/classes/${classFile(startClass)}`) ?? mainEntry)
  const nested = entries.filter(({ name }) => /^BOOT-INF\/lib\/[^/]+\.jar$/.test(name)).map(({ name }) => name.slice('BOOT-INF/lib/'.length))
  const layers = startClass === undefined ? [] : await layersOfJar(jar)
  const springBootVersion = manifest.get('spring-boot-version')
  const facts: JarFacts = {
    kind: startClass === undefined ? 'plain' : 'spring-boot',
    mainClass: bounded(mainClass, 'Main-Class'),
    ...(startClass === undefined ? {} : { startClass: bounded(startClass, 'Start-Class') }),
    ...(springBootVersion === undefined ? {} : { springBootVersion: springBootVersion.slice(0, 1000) }),
    javaLevel: await javaLevel(file, levelEntry, expected.newestJava),
    layers: layers.map(({ name, entries: inside }) => ({ name, entries: inside.length })),
    hasLayersIndex: startClass !== undefined && byName.has(indexName(manifest)),
    hasActuator: nested.some((name) => /^spring-boot-actuator-\d/.test(name)),
    isMultiRelease: manifest.get('multi-release')?.toLowerCase() === 'true',
    manifest: shownAttributes(manifest),
    coordinates: [...(await mavenCoordinates(file, entries)), ...nested.map((name) => name.slice(0, 600))].toSorted().slice(0, 2000),
    entries: entries.length,
    uncompressedBytes: entries.reduce((sum, entry) => sum + entry.sizeBytes, 0),
  }
  const sources = layers.map((layer) => sourceOf(file, layer.entries, expected.hashes))
  const { migrations, configProperties } = await lookInside(file, entries)
  const known = await expected.known()
  const sourced = layers.map((layer, index) => ({ ...layer, source: sources[index] ?? '', isKnown: known.has(sources[index] ?? '') }))
  const checked = new Set(sourced.flatMap((layer) => (layer.isKnown ? layer.entries : [])))
  // Reading is the check: sizes, checksums and growth are compared on the way.
  for (const entry of entries) if (!checked.has(entry)) await verifyEntry(file, entry)
  return { facts: { ...facts, migrations }, configProperties, layers: sourced }
}

/** What takes opening the JARs inside; each is opened once. */
async function lookInside(file: number, entries: readonly ZipEntry[]) {
  const migrations = new Migrations()
  const properties = new ConfigProperties()
  await properties.addOwn(file, entries)
  for (const entry of entries) {
    migrations.add(entry)
    const jar = await openNested(file, entry)
    if (!jar) continue
    migrations.addNested(jar)
    properties.addNested(jar)
  }
  return { migrations: migrations.all(), configProperties: properties.all() }
}

interface Jar {
  file: number
  entries: ZipEntry[]
  byName: Map<string, ZipEntry>
  /** Main attributes by lower-case name. */
  manifest: Map<string, string>
}

async function openJar(file: number): Promise<Jar> {
  const { entries, hasLaunchScript } = readZipDirectory(file)
  // Java looks for the manifest without regard to case; two of them were refused with the directory.
  const entry = entries.find(({ name }) => name.toUpperCase() === 'META-INF/MANIFEST.MF')
  if (!entry) throw notJar('The archive has no META-INF/MANIFEST.MF.')
  const manifest = mainAttributes((await readSmall(file, entry, maxManifestBytes)).toString('utf8'))
  const jar = { file, entries, byName: new Map(entries.map((each) => [each.name, each])), manifest }
  // Only Spring Boot puts a script there, and only its JARs are taken apart, so that no image ever has the script.
  if (hasLaunchScript && !isBoot(jar)) throw unsafe('There is a script in front of the archive, and it is not a Spring Boot JAR.')
  return jar
}

function isBoot({ entries, manifest }: Jar): boolean {
  return manifest.has('start-class') && entries.some(({ name }) => name.startsWith('BOOT-INF/'))
}

function classFile(name: string): string {
  return `${name.replaceAll('.', '/')}.class`
}

function bounded(name: string, attribute: string): string {
  if (name.length <= 1000) return name
  throw new Refusal('unsupported', `The ${attribute} of the manifest has ${name.length} characters; 1000 are the limit.`, { fix: 'Shorten it.' })
}

/** Java release of a class file: major version less 44 (JVM specification §4.1). */
async function javaLevel(file: number, entry: ZipEntry, newestJava: number): Promise<number> {
  const name = show(entry.name)
  const head = (await readSmall(file, entry, 64 * 1024 ** 2)).subarray(0, 8)
  if (head.length < 8 || head.readUInt32BE(0) !== 0xcafebabe) {
    throw new Refusal('unsupported', `${name} is not a class file.`, { fix: 'Build the JAR again.' })
  }
  const version = head.readUInt16BE(6)
  if (version - 44 > newestJava || version < 45) {
    throw new Refusal('unsupported', `${name} has class file version ${version}, which no known Java reads.`, {
      fix: `Compile for Java ${newestJava} or older.`,
    })
  }
  return version - 44
}

function indexName(manifest: Jar['manifest']): string {
  return manifest.get('spring-boot-layers-index') ?? 'BOOT-INF/layers.idx'
}

async function layersOfJar({ file, entries, byName, manifest }: Jar): Promise<PlannedLayer[]> {
  const entry = byName.get(indexName(manifest))
  const index = entry && parseLayersIndex((await readSmall(file, entry, maxIndexBytes)).toString('utf8'))
  return planLayers(entries, index)
}

async function mavenCoordinates(file: number, entries: readonly ZipEntry[]): Promise<string[]> {
  const found: string[] = []
  for (const entry of entries) {
    if (!/^META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/.test(entry.name) || entry.sizeBytes > 64 * 1024 || found.length >= 2000) continue
    const text = (await readSmall(file, entry, 64 * 1024)).toString('utf8')
    const [group, artifact, version] = ['groupId', 'artifactId', 'version'].map((key) =>
      new RegExp(`^${key}=(.{1,190})$`, 'm').exec(text)?.[1]?.trim(),
    )
    if (group && artifact) found.push(`${group}:${artifact}:${version ?? ''}`)
  }
  return found
}
