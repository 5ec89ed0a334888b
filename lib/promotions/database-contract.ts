// Whether a release can run on the database that others left, as far as their JARs tell: by the migrations inside. A database goes
// forward only (rolling back a release reverses no migration), so what was ever started here counts, and not only what runs.
import { compareVersions } from '#lib/tenants/migration-version'

export interface KnownMigrations {
  flyway: readonly string[]
  liquibase: readonly { name: string; crc32: string }[]
}

/** undefined where nobody looked: an older inspection, or an image that was pushed. */
export interface ContractOf {
  name: string
  migrations: KnownMigrations | undefined
}

export interface ContractJudgement {
  kind: 'none' | 'kept' | 'fewer' | 'unknown'
  reason: string
}

/** What the JARs say about going back to `target`; `ran`: every other release that was started here, the newest first. */
export function judgeContract(target: ContractOf, ran: readonly ContractOf[]): ContractJudgement {
  const [newest] = ran
  if (target.migrations === undefined) return unknown(target.name)
  const { flyway, liquibase } = target.migrations
  const mine = new Set(flyway)
  const ahead = ran
    .map((other) => ({
      other,
      top: highestOf(other.migrations?.flyway ?? []),
      lacking: (other.migrations?.flyway ?? []).filter((one) => !mine.has(one)),
    }))
    .filter(({ lacking }) => lacking.length > 0)
    .toSorted((a, b) => compareVersions(b.top ?? '0', a.top ?? '0'))
  const [farthest] = ahead
  if (farthest) return fewer(target.name, highestOf(flyway), farthest.other, farthest.lacking)
  const mineByName = new Map(liquibase.map(({ name, crc32 }) => [name, crc32]))
  for (const { name: other, migrations } of ran) {
    const changed = (migrations?.liquibase ?? []).filter(({ name, crc32 }) => mineByName.get(name) !== crc32).map(({ name }) => name)
    if (changed.length > 0) return otherChangelogs(target.name, other, changed)
  }
  // A warning above is known whatever else is not; a pass needs all of them.
  const dark = ran.find(({ migrations }) => migrations === undefined)
  if (dark) return unknown(dark.name)
  if (flyway.length + liquibase.length === 0) {
    return { kind: 'none', reason: `No migrations in ${newest ? `the JARs of ${target.name} and ${newest.name}` : `the JAR of ${target.name}`}.` }
  }
  const upTo = flyway.length > 0 ? `up to V${highestOf(flyway)}` : `in ${liquibase.length} changelog${liquibase.length === 1 ? '' : 's'}`
  return { kind: 'kept', reason: `${target.name} knows every migration of what ran here, ${upTo}.` }
}

function unknown(name: string): ContractJudgement {
  return { kind: 'unknown', reason: `Nobody looked for migrations in the JAR of ${name}: it came before that was done, or as an image.` }
}

function fewer(target: string, highest: string | undefined, other: ContractOf, lacking: readonly string[]): ContractJudgement {
  const top = highestOf(other.migrations?.flyway ?? []) ?? ''
  const knows = highest === undefined ? `${target} knows no migration` : `${target} knows V${highest}`
  const gap = lacking.includes(top) ? '' : ` and lacks V${lacking.join(', V').slice(0, 200)}`
  return { kind: 'fewer', reason: `The database may have been migrated to V${top} by ${other.name}; ${knows}${gap}.` }
}

function highestOf(versions: readonly string[]): string | undefined {
  return versions.toSorted(compareVersions).at(-1)
}

function otherChangelogs(target: string, other: string, names: readonly string[]): ContractJudgement {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : ''
  return {
    kind: 'fewer',
    reason: `The database may have been changed by ${other}: ${names.slice(0, 3).join(', ')}${more} ${names.length === 1 ? 'is' : 'are'} another or not there in ${target}.`,
  }
}

/** Of a release with several components: all of their migrations, unknown where one of them is. */
export function togetherOf(parts: readonly (KnownMigrations | undefined)[]): KnownMigrations | undefined {
  const known = parts.filter((part) => part !== undefined)
  if (known.length === 0 || known.length < parts.length) return undefined
  return { flyway: known.flatMap(({ flyway }) => flyway), liquibase: known.flatMap(({ liquibase }) => liquibase) }
}
