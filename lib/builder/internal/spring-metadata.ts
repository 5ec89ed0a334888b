// Spring Boot's configuration metadata of a JAR and of the JARs inside it. What cannot be read is as if it were not there:
// whether the archive may be taken is decided elsewhere. Format: Spring Boot, "Configuration Metadata".
import type { ConfigProperty } from '#lib/tenants/config-property'
import { contentIn, entriesWith, type NestedJar } from '#lib/builder/internal/nested-jar'
import type { ZipEntry } from '#lib/builder/internal/zip-bytes'
import { readSmall } from '#lib/builder/internal/zip-data'

export const configPropertyLimits = { properties: 10_000, bytes: 6 * 1024 ** 2 }

const fileNames = ['META-INF/spring-configuration-metadata.json', 'META-INF/additional-spring-configuration-metadata.json']
const maxFileBytes = 8 * 1024 ** 2

/** The properties of the archive first, then those of nested JARs as they are added; the first that names one counts. */
export class ConfigProperties {
  readonly #found = new Map<string, ConfigProperty>()

  async addOwn(file: number, entries: readonly ZipEntry[]): Promise<void> {
    for (const name of [...fileNames, ...fileNames.map((one) => `BOOT-INF/classes/${one}`)]) {
      const entry = entries.find((one) => one.name === name && one.sizeBytes <= maxFileBytes)
      if (entry) add(this.#found, await readSmall(file, entry, maxFileBytes))
    }
  }

  addNested(jar: NestedJar): void {
    for (const entry of entriesWith(jar, 'spring-configuration-metadata.json')) {
      const content = fileNames.includes(entry.name) ? contentIn(jar, entry, maxFileBytes) : undefined
      if (content) add(this.#found, content)
    }
  }

  /** Sorted by name. */
  all(): ConfigProperty[] {
    return bounded([...this.#found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)))
  }
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
