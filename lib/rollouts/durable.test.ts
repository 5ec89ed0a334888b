// The suite `durable`: software that takes work on in the background is given some after a rollout.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { judgeTask } from '#lib/rollouts/task'
import { componentSpecSchema, type TaskProbe } from '#lib/tenants/component-spec'
import { useTestDatabase } from '#lib/testing/database'
import { makeRolloutStage } from '#lib/testing/rollouts'

useTestDatabase()

const probe = componentSpecSchema.parse({ task: { path: '/tasks' } }).task as TaskProbe

describe('a background task', () => {
  it.each([
    [{ state: 'queued', attempts: 0 }, 9_999, 'goes on'],
    [{ state: 'queued', attempts: 0 }, 10_000, 'was not started within 10 s: state queued, attempted 0 times.'],
    [{ state: null, attempts: null }, 10_000, 'was not started within 10 s: it says no state, it does not say how often it was attempted.'],
    [{ state: 'running', attempts: 1 }, 10_000, 'goes on'],
    [{ state: 'running', attempts: 2 }, 60_000, 'did not end within 60 s: state running, attempted 2 times.'],
    [{ state: 'done', attempts: 1 }, 1234, 'passed: was started and ended as done after 1.2 s.'],
    [{ state: 'blocked', attempts: 1 }, 100_000, 'passed: was started and ended as blocked after 100 s.'],
    [{ state: 'done', attempts: 0 }, 1, 'ended without having been started: state done, attempted 0 times.'],
    [{ state: 'done', attempts: null }, 1, 'ended without having been started: state done, it does not say how often it was attempted.'],
    [{ state: 'failed', attempts: 1 }, 1, 'ended badly: state failed, attempted 1 time.'],
  ])('%j after %i ms: %s', (seen, elapsedMs, expected) => {
    const verdict = judgeTask(probe, seen, elapsedMs)
    expect(verdict.isOver ? `${verdict.hasPassed ? 'passed: ' : ''}${verdict.words}` : 'goes on').toBe(expected)
  })
})

const endings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})

/** Software with a queue of its own: tasks wait until its worker takes them up. */
async function startSoftware(options: {
  isWorking: boolean
  /** To a POST. */
  answer?: (response: ServerResponse, id: string) => void
  endsAs?: string
  /** Of its tasks, whatever they are; undefined: it cannot say now. */
  tells?: () => { state: string; attempts: number } | undefined
}) {
  const tasks = new Map<string, { state: string; attempts: number }>()
  const bodies: string[] = []
  const take = (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'GET') {
      const task = options.tells ? options.tells() : tasks.get(request.url?.split('/').at(-1) ?? '')
      return response.writeHead(task ? 200 : 503).end(JSON.stringify(task ?? {}))
    }
    const id = `task ${tasks.size + 1}`
    tasks.set(encodeURIComponent(id), { state: 'queued', attempts: 0 })
    request.setEncoding('utf8').on('data', (chunk: string) => bodies.push(chunk))
    if (options.answer) return options.answer(response, id)
    return response.writeHead(202).end(JSON.stringify({ id }))
  }
  const server = createServer(take).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const worker = setInterval(() => {
    if (!options.isWorking) return
    for (const task of tasks.values()) {
      if (task.state === 'running') task.state = options.endsAs ?? 'done'
      else if (task.state === 'queued') Object.assign(task, { state: 'running', attempts: 1 })
    }
  }, 10)
  endings.push(async () => {
    clearInterval(worker)
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return {
    bodies,
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
  }
}

async function verified(software: Awaited<ReturnType<typeof startSoftware>>, task: Partial<TaskProbe> = {}) {
  const stage = await makeRolloutStage({ replicas: 1, spec: { task: { ...probe, startsWithinMs: 300, endsWithinMs: 20_000, ...task } } })
  stage.runtime.addressOf = () => software.address
  const { promotionId, rolloutId } = await stage.ask('v1.0.0')
  await stage.settle(rolloutId)
  const { checks, verification, phase, reason } = await stage.rolloutOf(rolloutId)
  const durable = (JSON.parse(checks) as { suite: string; outcome: string; detail: string }[]).find(({ suite }) => suite === 'durable')
  return { durable, verification, phase, reason, promotion: await stage.promotionOf(promotionId), stage }
}

describe('a rollout of software that works in the background', () => {
  it('S4.22: is verified once the software took a task up and ended it', async () => {
    const software = await startSoftware({ isWorking: true })
    const { durable, verification, promotion } = await verified(software, { startsWithinMs: 20_000, body: '{"kind":"try"}' })
    expect(durable).toMatchObject({ outcome: 'passed', detail: expect.stringMatching(/^app: its background task was started and ended as done/) })
    expect(verification).toBe('passed')
    expect(promotion.state).toBe('completed')
    expect(software.bodies).toEqual(['{"kind":"try"}'])
  })

  it('S4.22: fails its verification while the worker of the software stands still, and says that nothing was started', async () => {
    const software = await startSoftware({ isWorking: false })
    const { durable, promotion, stage, ...rollout } = await verified(software)
    expect(durable).toEqual({
      suite: 'durable',
      outcome: 'failed',
      detail: 'app: its background task was not started within 0.3 s: state queued, attempted 0 times.',
    })
    expect(rollout).toEqual({ verification: 'failed', phase: 'applied', reason: 'verification_failed' })
    expect(promotion).toMatchObject({ state: 'failed', outcome: expect.stringContaining('was not started within 0.3 s') })
    expect(stage.runtime.replicas.size).toBe(1)
  })

  it('fails it for a task that ends badly', async () => {
    const software = await startSoftware({ isWorking: true, endsAs: 'failed' })
    const { durable } = await verified(software, { startsWithinMs: 20_000 })
    expect(durable).toMatchObject({ outcome: 'failed', detail: 'app: its background task ended badly: state failed, attempted 1 time.' })
  })

  it('keeps in mind that a task was started while the software cannot say how it is', async () => {
    let startedAt: number | undefined
    const tells = () => {
      if (startedAt === undefined) {
        startedAt = performance.now()
        return { state: 'running', attempts: 1 }
      }
      // Longer than a task may take to be started.
      return performance.now() - startedAt < 600 ? undefined : { state: 'done', attempts: 1 }
    }
    const software = await startSoftware({ isWorking: true, tells })
    expect((await verified(software)).durable).toMatchObject({ outcome: 'passed' })
  })

  it('follows a task to where the software says that it is, on the same host alone', async () => {
    const at = (location: string) => (response: ServerResponse, id: string) =>
      response.writeHead(201, { location: location + encodeURIComponent(id) }).end()
    const here = await startSoftware({ isWorking: true, answer: at('/elsewhere/') })
    // A path of two slashes is a path, and no other host.
    expect((await verified(here, { startsWithinMs: 20_000, path: '//169.254.169.254/tasks' })).durable).toMatchObject({ outcome: 'passed' })
    const away = await startSoftware({ isWorking: true, answer: at('http://169.254.169.254/') })
    expect((await verified(away)).durable).toMatchObject({
      outcome: 'failed',
      detail: 'app: its background task could not be followed: POST /tasks answered neither its id nor where it is on the same host.',
    })
  })

  it('says what was answered instead: a refusal, a redirect, no address, a body without an end', async () => {
    const answers = {
      'answered 503': (response: ServerResponse) => response.writeHead(503).end(),
      'answered 302': (response: ServerResponse) => response.writeHead(302, { location: '/tasks' }).end(),
      'answered neither its id': (response: ServerResponse) => response.writeHead(200).end('[1]'),
      'was not answered': (response: ServerResponse) => response.destroy(),
    }
    for (const [words, answer] of Object.entries(answers)) {
      const software = await startSoftware({ isWorking: true, answer })
      expect((await verified(software)).durable).toMatchObject({ outcome: 'failed', detail: expect.stringContaining(words) })
    }
    const endless = (response: ServerResponse) => {
      response.writeHead(200)
      const more = () => void (response.writable && response.write(' '.repeat(65_536), () => setImmediate(more)))
      more()
    }
    const software = await startSoftware({ isWorking: true, answer: endless })
    expect((await verified(software)).durable).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('neither its id') })
  })
})
