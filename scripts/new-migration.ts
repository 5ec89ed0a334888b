// With DATABASE_URL set to any empty database, prints the SQL that takes an empty database to prisma/schema.prisma: the raw material of a migration, to which a
// person adds policies, grants, triggers and partial indexes. Uses the schema engine as WebAssembly (docs/decisions/0002).
import { readFileSync } from 'node:fs'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg'

const wasmPath = new URL('../node_modules/@prisma/schema-engine-wasm/schema_engine_bg.wasm', import.meta.url)
const wasm = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(wasmPath)), {
  './schema_engine_bg.js': engine,
}) as unknown as { exports: { __wbindgen_start?: () => void } }
engine.__wbg_set_wasm(wasm.exports)
wasm.exports.__wbindgen_start?.()

const schema = readFileSync(new URL('../prisma/schema.prisma', import.meta.url), 'utf8')
const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: process.env['DATABASE_URL'] ?? '' }))
const schemaEngine = await engine.SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => {}, adapter)
const diff = await schemaEngine.diff({
  from: { tag: 'empty' },
  to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schema }] },
  script: true,
  exitCode: null,
  filters: { externalTables: [], externalEnums: [] },
})
process.stdout.write(diff.stdout ?? '')
