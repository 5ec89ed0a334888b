// A value comes in, is sealed, and is forgotten. Nothing here logs, returns or records it.
import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { dataKeyOf } from '#lib/configuration/internal/data-key'
import { fingerprintOf, seal } from '#lib/configuration/internal/sealing'
import { findPlace, type Place } from '#lib/configuration/queries/find-place'
import { presentSecrets } from '#lib/configuration/queries/list-secrets'
import type { SecretView, SetSecretInput, unsetSecretInput } from '#lib/configuration/secret'
import { actorId, type TenantContext } from '#lib/platform/context'
import { isUniqueViolation, type Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { announce } from '#lib/platform/live-event'
import { Refusal } from '#lib/platform/refusal'

/** Writes the next version of a secret. What runs keeps its own version until a promotion of kind `config` brings this one. */
export async function setSecret(ctx: TenantContext, input: SetSecretInput): Promise<SecretView> {
  return write(ctx, input, async (tx, place, number) => {
    const dataKey = await dataKeyOf(tx, ctx.tenant.id)
    const about = { tenantId: ctx.tenant.id, environmentId: place.environment.id, applicationId: place.application.id, name: input.name, number }
    const sealed = seal(dataKey.key, Buffer.from(input.value), about)
    return { sealed, keyId: dataKey.id, fingerprint: fingerprintOf(dataKey.key, about, input.value) }
  })
}

/** Takes a secret away: nothing is started with it any more. Versions that run are kept for the replicas that have them. */
export async function unsetSecret(ctx: TenantContext, input: z.output<typeof unsetSecretInput>): Promise<SecretView> {
  return write(ctx, input, async (_tx, { application, environment }, number, standing) => {
    if (number === 1 || standing === '') {
      throw new Refusal('not_found', `${application.slug} has no secret ${input.name} in ${environment.slug}.`, { fix: 'List its secrets.' })
    }
    return { sealed: new Uint8Array(), keyId: '', fingerprint: '' }
  })
}

interface Version {
  sealed: Uint8Array<ArrayBuffer>
  keyId: string
  fingerprint: string
}

async function write(
  ctx: TenantContext,
  input: { application: string; environment: string; name: string },
  make: (tx: Tx, place: Place, number: number, standing: string) => Promise<Version>,
): Promise<SecretView> {
  try {
    return await ctx.write(async (tx) => {
      const place = await findPlace(tx, input)
      const { application, environment } = place
      authorize(ctx.actor, 'secret.write', { environment })
      const where = { environmentId: environment.id, applicationId: application.id, name: input.name }
      const before = await tx.secretVersion.findFirst({ where, orderBy: { number: 'desc' }, select: { number: true, fingerprint: true } })
      const number = (before?.number ?? 0) + 1
      const version = await make(tx, place, number, before?.fingerprint ?? '')
      await tx.secretVersion.create({
        data: { id: newId(), tenantId: ctx.tenant.id, ...where, number, ...version, createdBy: actorId(ctx.actor) },
        select: { id: true },
      })
      await appendEntry(tx, ctx, {
        action: version.fingerprint === '' ? 'secret.unset' : 'secret.set',
        subject: {
          kind: 'secret',
          id: `${environment.slug}/${application.slug}/${input.name}`,
          name: `${input.name} of ${application.slug} in ${environment.slug}`,
        },
        before: { version: before?.number ?? 0 },
        after: { version: number },
      })
      await announce(tx, ctx.tenant.id, 'board', application.slug)
      const view = (await presentSecrets(tx, place)).find(({ name }) => name === input.name)
      if (!view) throw new TypeError('a secret that was just written has no view')
      return view
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'number')) throw error
    throw new Refusal('conflict', `Somebody set ${input.name} of ${input.application} in ${input.environment} at the same moment.`, {
      fix: 'Look at who did, and set it again if yours is the right one.',
    })
  }
}
