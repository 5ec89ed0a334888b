#!/usr/bin/env node
// Plain JavaScript, so that any Node can read it: Caisson itself runs on the Node that its package brings.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const packaged = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))
const program = fileURLToPath(new URL('./caisson.ts', import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import('./caisson.ts')
} else if (existsSync(packaged)) {
  const child = spawn(packaged, [program, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal ? 128 : (code ?? 1)))
} else {
  console.error(`Caisson needs Node 24, and this is ${process.version}. Run \`npm ci\` in the folder of Caisson: it brings its own.`)
  process.exit(1)
}
