// Which keys a release knows, by its JAR's own metadata.
import type { ConfigProperty } from '#lib/tenants/config-property'
import { relaxedName, takesMore } from '#lib/tenants/relaxed-name'

export interface KnownKeys {
  /** Relaxed name → canonical name. */
  names: ReadonlyMap<string, string>
  /** Relaxed names of maps and lists, which take keys below their own. */
  openNames: readonly string[]
  /** First segments that the metadata speak for: keys of others are nobody's here, and pass. */
  roots: ReadonlySet<string>
}

/** Read by Spring itself before any metadata. */
const ofSpringItself = ['spring.application.json']

export function knownKeysOf(properties: readonly Pick<ConfigProperty, 'name' | 'type'>[]): KnownKeys {
  const names = new Map(ofSpringItself.map((name) => [relaxedName(name), name]))
  const roots = new Set<string>()
  const openNames: string[] = []
  for (const { name, type } of properties) {
    const relaxed = relaxedName(name)
    if (!names.has(relaxed)) names.set(relaxed, name)
    if (takesMore(type)) openNames.push(relaxed)
    // `debug` alone is a property and no group: DEBUG_PORT is not about it.
    if (name.includes('.') || takesMore(type)) roots.add(rootOf(name))
  }
  return { names, openNames, roots }
}

/** `known` to the metadata; `unknown` to them although they speak for its first segment; `foreign` where they do not. */
export function judgeKey({ names, openNames, roots }: KnownKeys, key: string): 'known' | 'unknown' | 'foreign' {
  const relaxed = relaxedName(key)
  if (names.has(relaxed) || openNames.some((name) => relaxed.startsWith(name))) return 'known'
  return roots.has(rootOf(key)) ? 'unknown' : 'foreign'
}

function rootOf(key: string): string {
  return (/^[A-Za-z0-9]+/.exec(key)?.[0] ?? '').toLowerCase()
}

/** The known name that a key was probably meant to be; '' where none is near. */
export function nearestKey({ names }: KnownKeys, key: string): string {
  const relaxed = relaxedName(key)
  const root = rootOf(key)
  let best = ''
  let least = Math.min(4, Math.ceil(relaxed.length / 4)) + 1
  for (const [candidate, name] of names) {
    if (Math.abs(candidate.length - relaxed.length) >= least || !name.startsWith(root)) continue
    const distance = distanceOf(candidate, relaxed, least)
    if (distance < least) [best, least] = [name, distance]
  }
  return best
}

/** Insertions, deletions and replacements from one text to the other (Levenshtein), as far as they stay below `limit`. */
function distanceOf(left: string, right: string, limit: number): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= right.length; j += 1) {
      const replace = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    if (Math.min(...next) >= limit) return limit
    row = next
  }
  return row.at(-1) ?? limit
}

/** `SERVER_PORT` of `server.port`: how a property is written as an environment variable. */
export function environmentName(property: string): string {
  return property.replaceAll('-', '').replaceAll('.', '_').toUpperCase()
}
