// Writes the database client from prisma/schema.prisma. `prisma generate` needs no engine but insists on the path of
// one, and would otherwise download it: any executable that exits 0 will do (docs/decisions/0002).
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const prisma = fileURLToPath(new URL('../node_modules/prisma/build/index.js', import.meta.url))

if (!existsSync(prisma)) {
  // `npm ci --omit=dev` of a production image: the client was generated when the image was built.
  process.exit(0)
}
const { status } = spawnSync(process.execPath, [prisma, 'generate'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', PRISMA_HIDE_UPDATE_MESSAGE: '1' },
})
process.exit(status ?? 1)
