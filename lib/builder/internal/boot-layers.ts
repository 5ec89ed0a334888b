// Which entry of a Spring Boot JAR goes into which layer (docs/decisions/0011): its own index, else by how often things change.
import { show, unsafe, type ZipEntry } from '#lib/builder/internal/zip-bytes'
import { Refusal } from '#lib/platform/refusal'

export interface IndexedLayer {
  name: string
  /** A file, or everything below a folder when it ends with `/`. */
  paths: string[]
}

export interface PlannedLayer {
  name: string
  entries: ZipEntry[]
}

/** BOOT-INF/layers.idx: `- "name":` followed by `  - "path"` lines (Spring Boot, "Executable JAR format", layer index). */
export function parseLayersIndex(text: string): IndexedLayer[] {
  const layers: IndexedLayer[] = []
  for (const line of text.split(/\r?\n/)) {
    const name = /^- "([^"]{1,200})":\s*$/.exec(line)?.[1]
    const path = /^ {2}- "(.+)"\s*$/.exec(line)?.[1]
    if (name !== undefined) layers.push({ name, paths: [] })
    else if (path !== undefined && layers.length > 0) layers.at(-1)?.paths.push(path)
    else if (line.trim() !== '') throw unreadable(`has a line that cannot be read: ${show(line)}`)
  }
  if (layers.length === 0 || layers.length > 100) throw unreadable(`names ${layers.length} layers; 1 to 100 can be built`)
  if (new Set(layers.map(({ name }) => name)).size < layers.length) throw unreadable('names a layer twice')
  return layers
}

function unreadable(how: string): Refusal {
  return new Refusal('unsupported', `BOOT-INF/layers.idx ${how}.`, { fix: 'Build the JAR with the Spring Boot plugin.' })
}

/**
 * The layers that have entries, in order. The first layer with a matching path takes an entry, as Spring Boot's own tool does;
 * one that no path matches goes into the last layer, where the application is.
 */
export function planLayers(entries: readonly ZipEntry[], index: readonly IndexedLayer[] | undefined): PlannedLayer[] {
  refuseFilesAsFolders(entries)
  const layerOf = index ? indexed(index) : layerByName
  const names = index ? index.map(({ name }) => name) : defaultLayers
  const planned = new Map<string, ZipEntry[]>(names.map((name) => [name, []]))
  for (const entry of withoutFilledFolders(entries)) planned.get(layerOf(entry.name))?.push(entry)
  return [...planned].map(([name, inside]) => ({ name, entries: inside })).filter((layer) => layer.entries.length > 0)
}

function indexed(index: readonly IndexedLayer[]): (name: string) => string {
  const files = new Map<string, number>()
  const folders = new Map<string, number>()
  for (const [ordinal, { paths }] of index.entries()) {
    for (const path of paths) {
      const known = path.endsWith('/') ? folders : files
      if (!known.has(path)) known.set(path, ordinal)
    }
  }
  return (name) => {
    const found = [files.get(name), ...foldersOf(name).map((folder) => folders.get(folder))].filter((ordinal) => ordinal !== undefined)
    return (found.length > 0 ? index[Math.min(...found)] : index.at(-1))?.name ?? ''
  }
}

const defaultLayers = ['dependencies', 'spring-boot-loader', 'snapshot-dependencies', 'resources', 'classes']

/** From what changes least to what changes with every build. */
function layerByName(name: string): string {
  if (name.startsWith('BOOT-INF/lib/')) return /SNAPSHOT[^/]*\.jar$/.test(name) ? 'snapshot-dependencies' : 'dependencies'
  if (name.startsWith('org/springframework/boot/loader/')) return 'spring-boot-loader'
  return name.endsWith('.class') ? 'classes' : 'resources'
}

/** `a/`, `a/b/` of `a/b/c`; of a folder entry its own name too. */
function foldersOf(name: string): string[] {
  const folders: string[] = []
  for (let slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) folders.push(name.slice(0, slash + 1))
  return folders
}

/** Folders come with what they hold; only an empty one is an entry of its own, so that no layer changes for another's folders. */
function withoutFilledFolders(entries: readonly ZipEntry[]): ZipEntry[] {
  const filled = new Set(entries.flatMap(({ name, isFolder }) => (isFolder ? foldersOf(name).slice(0, -1) : foldersOf(name))))
  return entries.filter(({ name, isFolder }) => !isFolder || !filled.has(name))
}

/** Java reads such a JAR, but it cannot be laid out as files. */
function refuseFilesAsFolders(entries: readonly ZipEntry[]): void {
  const folders = new Set(entries.flatMap(({ name }) => foldersOf(name)))
  const both = entries.find(({ name, isFolder }) => !isFolder && folders.has(`${name}/`))
  if (both) throw unsafe(`${show(both.name)} is both a file and a folder.`)
}
