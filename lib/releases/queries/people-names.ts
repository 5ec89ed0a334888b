import type { Tx } from '#lib/platform/database'

/** Names of people by user id, for those that are or were members here. */
export async function peopleNames(tx: Tx, userIds: readonly string[]): Promise<Map<string, string>> {
  const users = await tx.user.findMany({ where: { id: { in: [...new Set(userIds)] } }, select: { id: true, name: true } })
  return new Map(users.map(({ id, name }) => [id, name]))
}
