import type { z } from 'zod'
import { authorize, requirePerson } from '#lib/access/authorize'
import { requireRecentAuthentication } from '#lib/access/recent-authentication'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { Checklist } from '#lib/evidence/checklist'
import { signChecklistInput, type ChecklistView, type SignChecklistInput } from '#lib/evidence/checklist-view'
import { keepEmptyConfig, putReferrer } from '#lib/evidence/internal/put-referrer'
import { signStatement } from '#lib/evidence/internal/signing-key'
import { maySign } from '#lib/evidence/may-sign'
import { loadChecklist, presentChecklist } from '#lib/evidence/queries/get-checklist'
import { statementText } from '#lib/evidence/statement'
import type { BlobStore } from '#lib/platform/blob-store'
import { canonicalJson, sha256Hex } from '#lib/platform/canonical-json'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { blobStore } from '#lib/platform/disk-blob-store'
import { newId } from '#lib/platform/id'
import { announce } from '#lib/platform/live-event'
import { demand, Refusal } from '#lib/platform/refusal'

/** A text that was made longer ago than this is made anew before it is signed. */
const textLastsMs = 30 * 60_000

/**
 * Signs the text that the owner was shown, and no other: `plan_moved` when the checklist says something else by now;
 * `reauthentication_required` after five minutes; `conflict` while an item is open; `own_request` over an exception of one's own.
 */
export async function signChecklist(ctx: TenantContext, input: SignChecklistInput, store: BlobStore = blobStore()): Promise<ChecklistView> {
  const asked = signChecklistInput.parse(input)
  const prepared = await ctx.read((tx) => prepare(tx, ctx, asked))
  // The envelope is on disk before the row that names it is there.
  const written = await store.write(chunk(prepared.envelope))
  await keepEmptyConfig(store)
  return ctx.write(async (tx) => {
    const { person, subject, checklist, envelope, text } = await prepare(tx, ctx, asked)
    const image = subject.release.components[0]
    if (!image) throw new Refusal('conflict', `${subject.release.name} has no image that a signature could be about.`)
    const id = newId()
    const referrerDigest = await putReferrer(tx, ctx, {
      image,
      artifactType: 'application/vnd.caisson.checklist-sign-off.v1',
      blob: { ...written, mediaType: 'application/vnd.dsse.envelope.v1+json', title: 'sign-off.dsse.json' },
      annotations: { 'dev.caisson.environment': subject.environment.slug, 'dev.caisson.checklist': checklist.digest },
      pinnedBy: `sign-off:${id}`,
      reason: `the sign-off in ${subject.environment.slug}`,
    })
    await tx.signOff.create({
      data: {
        id,
        tenantId: ctx.tenant.id,
        environmentId: subject.environment.id,
        applicationId: subject.application.id,
        releaseId: subject.release.id,
        checklistDigest: checklist.digest,
        content: canonicalJson(checklist.content),
        statement: text,
        envelope,
        meaning: asked.meaning,
        comment: asked.comment,
        repository: image.repository,
        referrerDigest,
        signedBy: person.id,
        authenticatedAt: person.authenticatedAt,
      },
      select: { id: true },
    })
    await appendEntry(tx, ctx, {
      action: 'checklist.signed',
      subject: { kind: 'checklist', id, name: `${subject.application.slug} ${subject.release.name} in ${subject.environment.slug}` },
      after: {
        checklistDigest: checklist.digest,
        digests: subject.release.components.map(({ digest }) => digest),
        meaning: asked.meaning,
        authenticatedAt: person.authenticatedAt.toISOString(),
        envelope: referrerDigest,
        waivers: checklist.items.flatMap(({ waiver }) => waiver?.id ?? []),
      },
      reason: asked.comment,
    })
    await announce(tx, ctx.tenant.id, 'release', id)
    await announce(tx, ctx.tenant.id, 'board', subject.application.slug)
    const { application, environment, release } = asked
    return presentChecklist(tx, ctx, { application, environment, release })
  })
}

async function prepare(tx: Tx, ctx: TenantContext, asked: z.output<typeof signChecklistInput>) {
  const { application, environment, release } = asked
  // Two that sign at once: the second finds it signed.
  await tx.$queryRaw`select id from application where slug = ${application} for update`
  const { subject, checklist } = await loadChecklist(tx, ctx, { application, environment, release })
  authorize(ctx.actor, 'checklist.sign', { environment: subject.environment })
  const person = requirePerson(ctx.actor)
  demand(maySign(ctx.actor, checklist, { environment: subject.environment }))
  requireRecentAuthentication(ctx)
  demandFreshText(ctx, asked.preparedAt)
  const text = textFor(checklist, person, asked)
  if (`sha256:${sha256Hex(text)}` !== asked.statementDigest) {
    throw new Refusal('plan_moved', 'The checklist says something else than the text that you were shown.', {
      fix: 'Read the text as it is now, and sign that one.',
      details: { checklistDigest: checklist.digest },
    })
  }
  return { person, subject, checklist, text, envelope: JSON.stringify(signStatement(ctx.tenant.id, text)) }
}

/** The text that this person would sign. */
export function textFor(
  checklist: Checklist,
  person: { id: string; name: string; email: string },
  words: { meaning: string; comment: string; preparedAt: string },
): string {
  const { meaning, comment, preparedAt } = words
  return statementText(checklist, { meaning, comment, preparedAt, signer: { id: person.id, name: person.name, email: person.email } })
}

function demandFreshText(ctx: TenantContext, preparedAt: string): void {
  const ageMs = ctx.now().getTime() - new Date(preparedAt).getTime()
  if (ageMs <= textLastsMs && ageMs >= -60_000) return
  throw new Refusal('plan_moved', 'The text was made too long ago to be signed now.', { fix: 'Read the text as it is now, and sign that one.' })
}

async function* chunk(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
