import { maxEvidenceBytes, type AttachFileInput, type ChecklistView } from '#lib/evidence/checklist-view'
import { recordEvidence } from '#lib/evidence/commands/record-evidence'
import { factsOf, findAttachable, scopeOf } from '#lib/evidence/internal/attachable'
import { keepEmptyConfig, putReferrer } from '#lib/evidence/internal/put-referrer'
import { presentChecklist } from '#lib/evidence/queries/get-checklist'
import type { BlobStore } from '#lib/platform/blob-store'
import type { TenantContext } from '#lib/platform/context'
import { blobStore } from '#lib/platform/disk-blob-store'
import { newId } from '#lib/platform/id'
import { Refusal } from '#lib/platform/refusal'

/**
 * Attaches a file: streamed into the store, kept in the registry as a referrer of the image that it is about. Refuses before the
 * body is read where nothing may be attached; `too_large` as soon as the cap is passed.
 */
export async function attachFile(
  ctx: TenantContext,
  input: AttachFileInput,
  body: AsyncIterable<Uint8Array>,
  store: BlobStore = blobStore(),
): Promise<ChecklistView> {
  await ctx.read((tx) => findAttachable(tx, ctx, input))
  const written = await store.write(bounded(body))
  if (written.sizeBytes === 0) throw new Refusal('invalid_input', 'The file is empty, and proves nothing.', { fix: 'Send the file that you mean.' })
  await keepEmptyConfig(store)
  return ctx.write(async (tx) => {
    const { subject, control } = await findAttachable(tx, ctx, input)
    const image = subject.release.components[0]
    if (!image) throw new Refusal('conflict', `${subject.release.name} has no image to attach a file to.`, { fix: 'Attach a statement instead.' })
    const { repository } = image
    const { fileName, mediaType } = input
    const referrerDigest = await putReferrer(tx, ctx, {
      image,
      artifactType: 'application/vnd.caisson.evidence.v1',
      blob: { ...written, mediaType, title: fileName },
      annotations: {
        'dev.caisson.control': control.id,
        'dev.caisson.environment': subject.environment.slug,
        'dev.caisson.outcome': input.outcome,
      },
      pinnedBy: `evidence:${newId()}`,
      reason: `evidence for ${control.title.toLowerCase()} in ${subject.environment.slug}`,
    })
    await recordEvidence(tx, ctx, {
      control: control.id,
      part: input.part,
      scope: scopeOf(subject),
      outcome: input.outcome,
      summary: input.summary,
      facts: factsOf(input),
      content: { ...written, mediaType, fileName, repository, referrerDigest },
      ...(input.observedAt === undefined ? {} : { observedAt: new Date(input.observedAt) }),
    })
    const { application, environment, release } = input
    return presentChecklist(tx, ctx, { application, environment, release })
  })
}

async function* bounded(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxEvidenceBytes) {
      throw new Refusal('too_large', `The file is larger than ${maxEvidenceBytes / 1024 ** 2} MiB.`, {
        fix: 'Attach the part that proves it, or a statement that says where the whole is.',
      })
    }
    yield chunk
  }
}
