// A program that answers as Java does when it is asked for its version, and otherwise serves HTTP at `--port`, or ends at once with `--exit`: what the process runtime
// starts in tests that are about processes and not about Java.
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const source = `
if (process.argv.includes('-version')) {
  console.error('openjdk version "25.0.1" 2025-10-21')
  process.exit(0)
}
if (process.argv.includes('--exit')) process.exit(Number(process.argv[process.argv.indexOf('--exit') + 1]))
const port = Number(process.argv[process.argv.indexOf('--port') + 1])
require('node:http').createServer((request, response) => response.end('ready')).listen(port, '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
`

/** Writes it into a folder; its path is for CAISSON_JAVA. */
export function writeFalseJava(folder: string): string {
  const path = join(folder, 'java')
  writeFileSync(path, `#!${process.execPath}\n${source}`)
  chmodSync(path, 0o755)
  return path
}
