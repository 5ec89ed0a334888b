import type { Tx } from '#lib/platform/database'

/** Names by user id, of people who are or were members here. One statement. */
export async function peopleOf(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const users = await tx.user.findMany({ where: { id: { in: [...new Set(ids)] } }, select: { id: true, name: true } })
  return new Map(users.map(({ id, name }) => [id, name]))
}
