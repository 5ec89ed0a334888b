import { permissions, type Verb } from '#lib/access/permissions'
import type { Actor } from '#lib/platform/actor'
import type { Tx } from '#lib/platform/database'
import type { Environment, Kit } from '#lib/platform/generated/client'

export async function environmentOfKit(tx: Tx, kit: Pick<Kit, 'environmentId'>): Promise<Environment> {
  return tx.environment.findUniqueOrThrow({ where: { id: kit.environmentId } })
}

/** The role that lets somebody take a stage; 'token' for a machine. */
export function roleFor(actor: Actor, verb: Verb): string {
  if (actor.kind !== 'person') return actor.kind
  return actor.roles.find((role) => (permissions[verb].roles as readonly string[]).includes(role)) ?? ''
}
