import { request } from 'node:http'
import { connect } from 'node:net'
import type { ProbeResult, ReadinessProbe } from '#lib/readiness/readiness'

/**
 * Asks one replica once. HTTP is ready with a 2xx; TCP when it accepts. No redirect is followed: readiness is what this
 * address says. Never throws; the reason is a code: `timeout`, `connection_refused`, `http_503`, `no_address`, …
 * @param address host:port
 */
export async function probeReplica(address: string, probe: ReadinessProbe, signal?: AbortSignal): Promise<ProbeResult> {
  const separator = address.lastIndexOf(':')
  const host = address.slice(0, separator).replace(/^\[|\]$/g, '')
  const port = Number(address.slice(separator + 1))
  if (separator < 1 || !Number.isInteger(port) || port < 1) return { isReady: false, reason: 'no_address' }
  const deadline = AbortSignal.any([AbortSignal.timeout(probe.timeoutMs), ...(signal ? [signal] : [])])
  try {
    return probe.kind === 'http' ? await askHttp(host, port, probe.path, deadline) : await askTcp(host, port, deadline)
  } catch (error) {
    if (deadline.aborted) return { isReady: false, reason: signal?.aborted ? 'aborted' : 'timeout' }
    return { isReady: false, reason: codeOf(error) }
  }
}

function askHttp(host: string, port: number, path: string, signal: AbortSignal): Promise<ProbeResult> {
  return new Promise((resolve, reject) => {
    const asking = request(
      { host, port, path, agent: false, signal, headers: { 'user-agent': 'caisson-probe', connection: 'close' } },
      (response) => {
        const status = response.statusCode ?? 0
        // The head says it all; a body that never ends must not hold the probe.
        response.destroy()
        resolve(status >= 200 && status < 300 ? { isReady: true } : { isReady: false, reason: `http_${status}` })
      },
    )
    asking.once('error', reject)
    asking.end()
  })
}

function askTcp(host: string, port: number, signal: AbortSignal): Promise<ProbeResult> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal })
    socket.once('connect', () => {
      socket.destroy()
      resolve({ isReady: true })
    })
    socket.once('error', reject)
  })
}

function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? ''
  if (code === 'ECONNREFUSED') return 'connection_refused'
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'connection_reset'
  if (code === 'ETIMEDOUT') return 'timeout'
  return code === '' ? 'probe_failed' : code.toLowerCase()
}
