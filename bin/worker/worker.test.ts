import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { database } from '#lib/platform/database'
import { useTestDatabase } from '#lib/testing/database'
import { eventually } from '#lib/testing/eventually'
import { makeRolloutStage } from '#lib/testing/rollouts'

const test = useTestDatabase()
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL')
})

async function startWorker(): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('../worker.ts', import.meta.url)), [], {
    env: { ...process.env, DATABASE_URL: test.ownerUrl, CAISSON_DATA: test.dataDir, LOG_LEVEL: 'fatal' },
    execPath: process.execPath,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  children.push(child)
  const [message] = (await once(child, 'message')) as [{ ready?: boolean }]
  expect(message).toEqual({ ready: true })
  return child
}

async function leaders(): Promise<Record<string, string>> {
  const { rows } = await database().pool.query<{ key: string; owner: string }>(
    `select key, value::json->>'owner' as owner from platform_setting where key like 'leader:%'`,
  )
  return Object.fromEntries(rows.map(({ key, owner }) => [key, owner]))
}

describe('the worker', () => {
  it('S3.39: takes up what an earlier one left behind; of two, one leads each kind of periodic work, and the other takes over', async () => {
    const stage = await makeRolloutStage()
    const { rolloutId } = await stage.ask('v1.0.0')
    await database().pool.query(`update rollout set attempts = 1, fencing_token = 1 where id = $1`, [rolloutId])
    await database().pool.query('delete from graphile_worker._private_jobs')
    const first = await startWorker()
    await eventually('the rollout that lost its worker is taken up', async () => (await stage.rolloutOf(rolloutId)).attempts > 1)
    expect((await stage.rolloutOf(rolloutId)).fencingToken > 1n).toBe(true)
    const before = await eventually('somebody leads', async () => {
      const all = await leaders()
      return Object.keys(all).length === 7 ? all : undefined
    })
    expect(Object.keys(before).toSorted()).toEqual([
      'leader:backup',
      'leader:deliveries',
      'leader:forget',
      'leader:prober',
      'leader:resume',
      'leader:retention',
      'leader:uploads',
    ])
    expect(new Set(Object.values(before)).size).toBe(1)
    const second = await startWorker()
    first.kill('SIGTERM')
    expect(await once(first, 'exit')).toEqual([0, null])
    await eventually('the other one leads', async () => {
      const now = await leaders()
      return now['leader:resume'] !== undefined && now['leader:resume'] !== before['leader:resume']
    })
    second.kill('SIGTERM')
    expect(await once(second, 'exit')).toEqual([0, null])
    expect(await leaders()).toEqual({})
  })
})
