import type { Tx } from '#lib/platform/database'

/**
 * Adds a job in the transaction of the change: it runs after the commit or not at all. `key` makes it one job however
 * often it is asked for before it runs; a handler is one call to a command and may run again.
 */
export async function enqueue(tx: Tx, task: string, payload: Record<string, unknown>, options: { key: string; runAt?: Date }): Promise<void> {
  await tx.$executeRaw`select caisson_enqueue(${task}, ${JSON.stringify(payload)}::json, ${options.key}, ${options.runAt ?? new Date(0)}::timestamptz)`
}
