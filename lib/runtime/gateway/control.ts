// How the other services of this machine ask the gateway whether it is there. It has no port of its own that people know,
// so it listens on any and says where in a file.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { z } from 'zod'
import { dataPath } from '#lib/platform/settings'
import type { Gateway } from '#lib/runtime/gateway/gateway'
import { gatewayHost } from '#lib/runtime/gateway/routes'
import type { RuntimeFacts } from '#lib/runtime/runtime-facts'

const answerSchema = z.object({ pid: z.int(), missing: z.array(z.int()) })
const whereSchema = z.object({ pid: z.int(), port: z.int() })
const askMs = 2000

/** Answers from now on, until it is closed. */
export async function startControl(gateway: Pick<Gateway, 'missing'>): Promise<{ close: () => void }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ pid: process.pid, missing: gateway.missing }))
  })
  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(0, gatewayHost, () => done())
  })
  const { port } = server.address() as AddressInfo
  mkdirSync(dirname(file()), { recursive: true })
  writeFileSync(`${file()}.${process.pid}`, JSON.stringify({ pid: process.pid, port }))
  renameSync(`${file()}.${process.pid}`, file())
  return {
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Whether the gateway of this machine answers, and listens wherever an application has its address. */
export async function askGateway(): Promise<RuntimeFacts['gateway']> {
  try {
    const { pid, port } = whereSchema.parse(JSON.parse(readFileSync(file(), 'utf8')))
    const answer = await fetch(`http://${gatewayHost}:${port}/`, { signal: AbortSignal.timeout(askMs) })
    const said = answerSchema.parse(await answer.json())
    // Somebody else may have got the port of one that was killed.
    if (said.pid !== pid) return 'down'
    return said.missing.length > 0 ? 'port_taken' : 'ok'
  } catch {
    return 'down'
  }
}

function file(): string {
  return dataPath('gateway', 'control.json')
}
