import type { Tx } from '#lib/platform/database'

/** Names of people by user id, for those that are or were members here. */
export async function peopleNames(tx: Tx, userIds: readonly string[]): Promise<Map<string, string>> {
  const ids = [...new Set(userIds)].filter((id) => id !== '')
  if (ids.length === 0) return new Map()
  const users = await tx.$queryRaw<{ id: string; name: string }[]>`select id, name from "user" where id = any(${ids})`
  return new Map(users.map(({ id, name }) => [id, name]))
}
