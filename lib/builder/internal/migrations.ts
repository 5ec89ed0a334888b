// Which database migrations a JAR brings, by the names of its files: Flyway's db/migration/V*, Liquibase's db/changelog/*.
import type { JarMigrations } from '#lib/tenants/jar-facts'
import { entriesWith, type NestedJar } from '#lib/builder/internal/nested-jar'
import { compareVersions } from '#lib/tenants/migration-version'
import type { ZipEntry } from '#lib/builder/internal/zip-bytes'

const migrationLimits = { flyway: 2000, liquibase: 500 }

/** Of the archive and of the JARs inside it: an application may be built of modules. */
export class Migrations {
  readonly #versions = new Set<string>()
  readonly #changelogs = new Map<string, string>()

  add({ name, crc32 }: Pick<ZipEntry, 'name' | 'crc32'>): void {
    // Flyway, "Versioned migrations": prefix, version with dots or underscores, two underscores, description.
    const flyway = /(?:^|\/)db\/migration\/(?:.+\/)?V(\d+(?:[._]\d+)*)__[^/]*\.(?:sql|class)$/.exec(name)
    if (flyway?.[1] !== undefined && flyway[1].length <= 100) this.#versions.add(flyway[1].replaceAll('_', '.'))
    const liquibase = /(?:^|\/)(db\/changelog\/.+\.(?:xml|ya?ml|json|sql))$/.exec(name)
    if (liquibase?.[1] !== undefined && liquibase[1].length <= 300) this.#changelogs.set(liquibase[1], (crc32 >>> 0).toString(16).padStart(8, '0'))
  }

  addNested(jar: NestedJar): void {
    for (const word of ['db/migration/', 'db/changelog/']) for (const entry of entriesWith(jar, word)) this.add(entry)
  }

  all(): JarMigrations {
    return {
      flyway: [...this.#versions].toSorted(compareVersions).slice(-migrationLimits.flyway),
      liquibase: [...this.#changelogs]
        .map(([name, crc32]) => ({ name, crc32 }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .slice(0, migrationLimits.liquibase),
    }
  }
}
