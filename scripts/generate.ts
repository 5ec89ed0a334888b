// Writes the database client from prisma/schema.prisma. `prisma generate` needs no engine but insists on the path of
// one, and would otherwise download it: any executable that exits 0 will do (docs/decisions/0002).
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const prisma = fileURLToPath(new URL('../node_modules/prisma/build/index.js', import.meta.url))

if (!existsSync(prisma)) {
  // `npm ci --omit=dev` of a production image: the client was generated when the image was built.
  process.exit(0)
}
// A `git pull` may bring another schema with the same packages: start and test look here each time, and mostly find it done.
const generated = fileURLToPath(new URL('../lib/platform/generated', import.meta.url))
const stamp = `${generated}/schema.sha256`
const sources = ['../prisma/schema.prisma', '../node_modules/prisma/package.json', '../node_modules/@prisma/client/package.json']
const hash = createHash('sha256')
for (const source of sources) hash.update(readFileSync(new URL(source, import.meta.url)))
const digest = hash.digest('hex')
if (existsSync(`${generated}/client.ts`) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) process.exit(0)

const { status } = spawnSync(process.execPath, [prisma, 'generate'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', PRISMA_HIDE_UPDATE_MESSAGE: '1' },
})
if (status === 0) writeFileSync(stamp, digest)
process.exit(status ?? 1)
