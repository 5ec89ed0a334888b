import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { inspectJar } from '#lib/testing/inspect-jar'
import { judgeContract, togetherOf, type KnownMigrations } from '#lib/promotions/database-contract'
import { bootJar, plainJar, zipOf } from '#lib/testing/zip'

const folder = mkdtempSync(join(tmpdir(), 'caisson-migrations-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const changelog = (name: string, crc32 = '00000001') => ({ name, crc32 })
const known = (flyway: string[], liquibase: KnownMigrations['liquibase'] = []): KnownMigrations => ({ flyway, liquibase })
const judge = (target: KnownMigrations | undefined, ...ran: (KnownMigrations | undefined)[]) =>
  judgeContract(
    { name: 'v1.2.2', migrations: target },
    ran.map((migrations, index) => ({ name: `v1.3.${ran.length - index - 1}`, migrations })),
  )

describe('the contract of a release with a database', () => {
  it('is broken by each migration of anything that ran, and by no order of numbers but that of Flyway', () => {
    expect(judge(known(['5']), known(['5', '7']))).toEqual({
      kind: 'fewer',
      reason: 'The database may have been migrated to V7 by v1.3.0; v1.2.2 knows V5.',
    })
    expect(judge(known(['9']), known(['9', '10'])).reason).toContain('migrated to V10')
    expect(judge(known(['7', '8']), known(['5', '7']))).toMatchObject({
      kind: 'fewer',
      reason: 'The database may have been migrated to V7 by v1.3.0; v1.2.2 knows V8 and lacks V5.',
    })
    // What ran before the one that runs counts as well.
    expect(judge(known(['5']), known(['5']), known(['5', '7']))).toMatchObject({ kind: 'fewer' })
    expect(judge(known(['5', '7', '8']), known(['5']), known(['5', '7']))).toEqual({
      kind: 'kept',
      reason: 'v1.2.2 knows every migration of what ran here, up to V8.',
    })
  })

  it('is broken by a changelog that is another or not there', () => {
    const [first, second] = [changelog('db/changelog/a.xml'), changelog('db/changelog/b.xml')]
    expect(judge(known([], [first]), known([], [first, second])).reason).toBe(
      'The database may have been changed by v1.3.0: db/changelog/b.xml is another or not there in v1.2.2.',
    )
    expect(judge(known([], [first]), known([], [changelog('db/changelog/a.xml', '00000002')])).kind).toBe('fewer')
    expect(judge(known([], [first, second]), known([], [first])).kind).toBe('kept')
  })

  it('is never called kept where somebody did not look, and a warning outweighs that', () => {
    expect(judge(undefined, known(['1'])).kind).toBe('unknown')
    expect(judge(known(['1']), undefined).kind).toBe('unknown')
    expect(judge(known([]), known([]), undefined).kind).toBe('unknown')
    expect(judge(known(['1']), undefined, known(['1', '2'])).kind).toBe('fewer')
    expect(judge(known([]), known([])).kind).toBe('none')
    expect(togetherOf([known(['1']), undefined])).toBeUndefined()
    expect(togetherOf([known(['1']), known(['2'])])?.flyway).toEqual(['1', '2'])
  })

  it('is read from the names in the JAR and in the JARs inside it, in Flyway\u2019s order', async () => {
    const inspect = (name: string, parts: Parameters<typeof zipOf>[0]) => {
      const path = join(folder, name)
      writeFileSync(path, zipOf(parts))
      return inspectJar(path)
    }
    const module = zipOf([{ name: 'db/migration/V1_2__module.sql', content: 'select 1' }])
    const boot = await inspect('boot.jar', [
      ...bootJar(),
      { name: 'BOOT-INF/classes/db/migration/V10__last.sql', content: 'x' },
      { name: 'BOOT-INF/classes/db/migration/postgresql/V9__before.sql', content: 'x' },
      { name: 'BOOT-INF/classes/db/migration/R__views.sql', content: 'x' },
      { name: 'BOOT-INF/classes/db/migration/Vague__notes.txt', content: 'x' },
      { name: 'BOOT-INF/classes/db/changelog/db.changelog-master.yaml', content: 'x' },
      { name: 'BOOT-INF/lib/orders-module-1.0.jar', content: module, method: 0 },
    ])
    expect(boot.migrations?.flyway).toEqual(['1.2', '9', '10'])
    expect(boot.migrations?.liquibase).toMatchObject([{ name: 'db/changelog/db.changelog-master.yaml' }])
    expect((await inspect('plain.jar', plainJar())).migrations).toEqual({ flyway: [], liquibase: [] })
  })
})
