// B1–B2: small requests of registry clients, asked by ApacheBench and wrk of both registries in turn. Ours identifies its caller and asks the
// database each time; docker-registry runs without any access control.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { figureOf, interleave, type Figure } from '#bench/measure'
import type { Bench } from '#bench/run'
import { openStage, provide, runBeside, startServer } from '#bench/stage'
import { createToken } from '#lib/access/commands/create-token'
import { digestOf } from '#lib/oci/digest'
import { mediaTypes } from '#lib/oci/media-types'
import { freePort } from '#lib/platform/postgres/embedded'
import { actAs, makeApplication, makeTenant } from '#lib/testing/factories'
import { basic, send, smallImage, startRegistry, type SmallImage } from '#lib/testing/registry'

const rounds = 5
const connections = 4
const image = smallImage('the bench')

interface Contestant {
  url: string
  /** Of the repository that has the image. */
  repository: string
  /** Where a round mounts its blobs to, one after the other. */
  targets: (round: number) => string[]
  /** A new token each time: on a slow machine what is pushed first takes longer than one lives. */
  authorization: () => Promise<string>
}

export const registryBench: Bench = {
  ids: ['B1', 'B2'],
  async *run(wanted) {
    provide('registry')
    await using stage = await openStage()
    const port = await freePort()
    const config = `version: 0.1\nlog: { level: error, accesslog: { disabled: true } }\nstorage: { filesystem: { rootdirectory: ${join(stage.dir, 'registry')} } }\nhttp: { addr: 127.0.0.1:${port} }\n`
    writeFileSync(join(stage.dir, 'registry.yml'), config)
    await using _registry = await startServer('docker-registry', ['serve', join(stage.dir, 'registry.yml')], port)
    const peer: Contestant = {
      url: `http://127.0.0.1:${port}`,
      repository: 'bench/app',
      targets: (round) => namesOf(round).map((name) => `bench/${name}`),
      authorization: async () => '',
    }
    const { contestant: ours, close } = await startOurs()
    try {
      if (wanted.includes('B1')) yield* await manifests(ours, peer)
      if (wanted.includes('B2')) yield await mounts(stage.dir, ours, peer)
    } finally {
      await close()
    }
  },
}

/** As many repositories as two seconds of mounts need, and a token of ours has scopes for. */
const namesOf = (round: number) => ['a', 'b', 'c'].map((letter) => `to${round}${letter}`)

async function startOurs(): Promise<{ contestant: Contestant; close: () => Promise<void> }> {
  const registry = await startRegistry()
  const tenant = await makeTenant({ slug: 'bench' })
  await makeApplication(tenant, 'app')
  const names = Array.from({ length: rounds + 1 }, (_, round) => namesOf(round)).flat()
  for (const name of names) await makeApplication(tenant, name)
  const { secret } = await createToken(await actAs(tenant, 'tenant_admin', 'developer', 'release_manager'), {
    name: 'bench',
    verbs: ['registry.push'],
  })
  const scopes = ['app', ...names].map((name) => `scope=repository:bench/${name}:pull,push`).join('&')
  const authorization = async () => {
    const answer = await send(`${registry.url}/v2/token?service=caisson&${scopes}`, { headers: { authorization: basic(secret) } })
    return `Bearer ${answer.json<{ token: string }>().token}`
  }
  return {
    contestant: {
      url: registry.url,
      repository: 'bench/app',
      targets: (round) => namesOf(round).map((name) => `bench/${name}`),
      authorization,
    },
    close: () => registry.close(),
  }
}

/** The blobs of all, and the manifest of the first under a tag. */
async function push({ url, repository, authorization }: Contestant, images: readonly SmallImage[], tag: string): Promise<void> {
  let headers = { authorization: await authorization() }
  for (const [index, blob] of images.flatMap(({ blobs }) => blobs).entries()) {
    if (index % 200 === 199) headers = { authorization: await authorization() }
    const { headers: started } = await send(`${url}/v2/${repository}/blobs/uploads/`, { method: 'POST', headers })
    const location = new URL(started.get('location') ?? '', url)
    location.searchParams.set('digest', digestOf(blob))
    const body = new Uint8Array(blob)
    const { status } = await send(location.href, { method: 'PUT', headers: { ...headers, 'content-type': 'application/octet-stream' }, body })
    if (status !== 201) throw new Error(`${url} answered ${status} to a blob`)
  }
  const [first = image] = images
  const address = `${url}/v2/${repository}/manifests/${tag}`
  const body = new Uint8Array(first.manifest)
  const { status } = await send(address, { method: 'PUT', headers: { ...headers, 'content-type': mediaTypes.manifest }, body })
  if (status !== 201) throw new Error(`${url} answered ${status} to a manifest`)
  const pulled = await send(address, { headers: { ...headers, accept: mediaTypes.manifest } })
  if (!pulled.body.equals(first.manifest)) throw new Error(`${url} gives another manifest than it got`)
}

async function manifests(ours: Contestant, peer: Contestant): Promise<Figure[]> {
  await push(ours, [image], 'v1')
  await push(peer, [image], 'v1')
  const figures: Figure[] = []
  for (const method of ['HEAD', 'GET'] as const) {
    const late = { ours: [] as number[], peer: [] as number[] }
    const ask = async (who: 'ours' | 'peer', contestant: Contestant, round: number) => {
      const { perSecond, p99 } = await ab(method, contestant)
      if (round > 0) late[who].push(p99)
      return perSecond
    }
    const found = await interleave(rounds, { ours: (round) => ask('ours', ours, round), peer: (round) => ask('peer', peer, round) })
    const what = `${method} of a manifest by tag, ${connections} connections`
    const goal = { of: 'ratio', bound: 'at least', floor: 3, target: 8 } as const
    figures.push(
      figureOf({ id: 'B1', what, unit: '/s', ours: found.ours, peer: { name: 'docker-registry', values: found.peer }, goal }),
      figureOf({
        id: 'B1',
        what: `${what}, p99`,
        unit: 'ms',
        ours: late.ours,
        peer: { name: 'docker-registry', values: late.peer },
        goal: { of: 'ratio', bound: 'at most', floor: 1, target: 1 / 4 },
      }),
    )
  }
  return figures
}

/** What ApacheBench measured over as many requests; every answer must be a success. */
async function ab(method: 'HEAD' | 'GET', { url, repository, authorization }: Contestant): Promise<{ perSecond: number; p99: number }> {
  const credentials = await authorization()
  const sign = credentials === '' ? [] : ['-H', `Authorization: ${credentials}`]
  const head = method === 'HEAD' ? ['-i'] : []
  const sizes = ['-q', '-k', '-n', '3000', '-c', String(connections)]
  const output = await runBeside('ab', [...sizes, ...head, ...sign, '-H', `Accept: ${mediaTypes.manifest}`, `${url}/v2/${repository}/manifests/v1`])
  const perSecond = /Requests per second: +([\d.]+)/.exec(output)?.[1]
  const p99 = /^ +99% +(\d+)/m.exec(output)?.[1]
  const failed = /Failed requests: +(\d+)/.exec(output)?.[1]
  if (!perSecond || !p99 || failed !== '0' || output.includes('Non-2xx')) throw new Error(`${url}: ${method} did not succeed each time: ${output}`)
  // ApacheBench rounds percentiles down to whole milliseconds.
  return { perSecond: Number(perSecond), p99: Math.max(1, Number(p99)) }
}

/** More blobs than a round mounts: each mount brings one to a repository that has not had it. */
async function mounts(dir: string, ours: Contestant, peer: Contestant): Promise<Figure> {
  const images = Array.from({ length: 1500 }, (_, index) => smallImage(`the bench ${index}`))
  await push(ours, images, 'mounted')
  await push(peer, images, 'mounted')
  const list = images.flatMap(({ blobs }) => blobs.map((blob) => `"${digestOf(blob)}"`)).join(', ')
  const ask = async ({ url, repository, targets, authorization }: Contestant, round: number) => {
    const path = `"/v2/" .. targets[math.floor(n / #blobs) % #targets + 1] .. "/blobs/uploads/?from=${repository}&mount=" .. blobs[n % #blobs + 1]`
    const names = targets(round).map((name) => `"${name}"`)
    const lines = [
      `local blobs, targets, n = { ${list} }, { ${names.join(', ')} }, -1`,
      'wrk.method = "POST"',
      `request = function() n = n + 1; return wrk.format(nil, ${path}) end`,
    ]
    return wrk(dir, url, await authorization(), `${lines.join('\n')}\n`)
  }
  const found = await interleave(rounds, { ours: (round) => ask(ours, round), peer: (round) => ask(peer, round) })
  return figureOf({
    id: 'B2',
    what: `mount of a blob from another repository, ${connections} connections`,
    unit: '/s',
    ours: found.ours,
    peer: { name: 'docker-registry', values: found.peer },
    goal: { of: 'ratio', bound: 'at least', floor: 3, target: 8 },
  })
}

/** What wrk measured in two seconds; every answer must be a success. */
async function wrk(dir: string, url: string, authorization: string, script: string): Promise<number> {
  const path = join(dir, 'wrk.lua')
  const sign = authorization === '' ? '' : `wrk.headers["Authorization"] = "${authorization}"\n`
  const done = `done = function(summary, latency)\n  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout\n  io.write(string.format("RESULT %f %d\\n", summary.requests / summary.duration * 1e6, failed))\nend\n`
  writeFileSync(path, sign + script + done)
  const output = await runBeside('wrk', ['-t1', `-c${connections}`, '-d2s', '-s', path, url])
  const [, perSecond, failed] = /RESULT (\S+) (\d+)/.exec(output) ?? []
  if (perSecond === undefined || failed !== '0') throw new Error(`${url}: ${failed ?? 'all'} answers were no success: ${output}`)
  return Number(perSecond)
}
