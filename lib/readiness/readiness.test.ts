import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { probeReplica } from '#lib/readiness/commands/probe-replica'
import { assessDeployment, isProbeDue, judgeProbes, newHistory, remember, type ReadinessProbe, type ReplicaReading } from '#lib/readiness/readiness'

const http = { kind: 'http', path: '/ready', intervalMs: 5000, timeoutMs: 300, startPeriodMs: 10_000, retries: 20 } as const satisfies ReadinessProbe
const bad = { isReady: false, reason: 'http_503' } as const

describe('probes', () => {
  it('S3.7: say not ready only after as many failures in a row as the probe allows, and none counts within its start period', () => {
    let history = newHistory(0)
    for (let n = 0; n < 50; n += 1) history = remember(history, http, bad, 9999)
    expect(judgeProbes(history, http)).toEqual({ state: 'starting', reason: 'http_503' })
    for (let n = 0; n < 19; n += 1) history = remember(history, http, bad, 10_000 + n)
    expect(judgeProbes(history, http).state).toBe('starting')
    history = remember(history, http, bad, 20_000)
    expect(judgeProbes(history, http)).toEqual({ state: 'not_ready', reason: 'http_503' })
    history = remember(history, http, { isReady: true }, 20_001)
    expect(judgeProbes(history, http)).toEqual({ state: 'ready', reason: '' })
    for (let n = 0; n < 19; n += 1) history = remember(history, http, bad, 20_002)
    expect(judgeProbes(history, http).state).toBe('ready')
    expect(judgeProbes(remember(history, http, bad, 20_003), http).state).toBe('not_ready')
  })

  it('are due by their interval, and at once for one who never asked', () => {
    const history = newHistory(0)
    expect(isProbeDue(history, http, 0)).toBe(true)
    const asked = remember(history, http, bad, 1000)
    expect([isProbeDue(asked, http, 5999), isProbeDue(asked, http, 6000)]).toEqual([false, true])
  })
})

describe('asking a replica', () => {
  let server: Server
  let address = ''
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/slow') return
      if (request.url === '/moved') response.writeHead(302, { location: '/ready' }).end()
      else response.writeHead(request.url === '/ready' ? 204 : 503).end()
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  it('S3.7: takes a 2xx for ready; a redirect, an error, silence and a closed port each have their reason', async () => {
    const ask = (path: string, at = address) => probeReplica(at, { ...http, path })
    expect(await ask('/ready')).toEqual({ isReady: true })
    expect(await ask('/no')).toEqual({ isReady: false, reason: 'http_503' })
    expect(await ask('/moved')).toEqual({ isReady: false, reason: 'http_302' })
    expect(await ask('/slow')).toEqual({ isReady: false, reason: 'timeout' })
    expect(await ask('/ready', '127.0.0.1:1')).toEqual({ isReady: false, reason: 'connection_refused' })
    expect(await ask('/ready', '')).toEqual({ isReady: false, reason: 'no_address' })
    const { path: _path, ...rest } = http
    expect(await probeReplica(address, { ...rest, kind: 'tcp' })).toEqual({ isReady: true })
  })
})

const promised = { configHash: 'h', components: [{ name: 'app', digest: 'd', replicas: 2 }], isStopped: false }
const reading = (more: Partial<ReplicaReading> = {}): ReplicaReading => ({
  component: 'app',
  digest: 'd',
  configHash: 'h',
  state: 'ready',
  reason: '',
  ...more,
})
const calm = { isRollingOut: false }

describe('the state of a deployment', () => {
  it.each([
    ['ready', '', [reading(), reading()]],
    ['degraded', 'exit_1', [reading(), reading({ state: 'exited', reason: 'exit_1' })]],
    ['degraded', 'replica_missing', [reading()]],
    ['degraded', 'http_503', [reading(), reading({ state: 'not_ready', reason: 'http_503' })]],
    ['not_ready', 'http_503', [reading({ state: 'not_ready', reason: 'http_503' }), reading({ state: 'starting' })]],
    ['not_ready', 'starting', [reading({ state: 'starting' }), reading({ state: 'starting' })]],
    ['unknown', 'not_probed', [reading({ state: 'unknown' }), reading({ state: 'unknown' })]],
    ['unknown', 'not_probed', [reading(), reading({ state: 'unknown' })]],
    ['unknown', 'runtime_unreachable', undefined],
    ['not_ready', 'replica_missing', []],
    ['degraded', 'mixed_digests', [reading(), reading(), reading({ digest: 'old' })]],
    ['degraded', 'config_drift', [reading(), reading(), reading({ configHash: 'old' })]],
  ])('is %s (%s)', (state, reason, readings) => {
    expect(assessDeployment(promised, readings, calm)).toMatchObject({ state, reason })
  })

  it('is an alarm of its own when a digest runs that no release has', () => {
    const readings = [reading(), reading(), reading({ digest: 'stranger' })]
    expect(assessDeployment(promised, readings, { ...calm, knownDigests: new Set(['d']) })).toMatchObject({
      state: 'degraded',
      reason: 'unknown_digest',
      isMixed: true,
    })
  })

  it('counts old and new together while a rollout is in flight, and calls nothing mixed then', () => {
    expect(assessDeployment(promised, [reading(), reading({ digest: 'old' })], { isRollingOut: true })).toMatchObject({
      state: 'ready',
      isMixed: false,
    })
  })

  it('is stopped only when nothing runs', () => {
    const stopped = { ...promised, isStopped: true }
    expect(assessDeployment(stopped, [], calm)).toMatchObject({ state: 'stopped', readyReplicas: 0 })
    expect(assessDeployment(stopped, [reading()], calm)).toMatchObject({ state: 'degraded', reason: 'still_running' })
  })
})
