// A revision as one file: tar.gz, the same bytes for the same revision in the same state, with sums that are signed.
import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { signText } from '#lib/evidence/commands/sign-text'
import type { KitDocument } from '#lib/kits/document'
import { runbookSections } from '#lib/kits/sections'
import { guides } from '#lib/kits/guides'
import { loadKit } from '#lib/kits/internal/load-kit'
import type { oneKitInput } from '#lib/kits/kit'
import { tarOf } from '#lib/oci/tar'
import { canonicalJson, sha256Hex } from '#lib/platform/canonical-json'
import type { TenantContext } from '#lib/platform/context'
import { Refusal } from '#lib/platform/refusal'

export interface KitArchive {
  fileName: string
  body: Readable
}

/** Refuses (`unavailable`) a revision whose document does not hash to its digest any more. */
export async function getKitArchive(ctx: TenantContext, input: z.output<typeof oneKitInput>): Promise<KitArchive> {
  authorize(ctx.actor, 'tenant.read')
  const { files, name } = await ctx.read(async (tx) => {
    const { revision, document, stages, handOffs } = await loadKit(tx, input.kit, input.revision)
    if (`sha256:${sha256Hex(revision.document)}` !== revision.digest) {
      throw new Refusal('unavailable', `Revision ${revision.number} does not hash to ${revision.digest} any more.`, {
        fix: 'Verify the audit log before anything else.',
      })
    }
    const own = stages.filter((one) => one.revision === revision.number)
    const { environmentId, applicationId } = await tx.kit.findUniqueOrThrow({ where: { id: input.kit } })
    const manifest = await tx.evidence.findFirst({
      where: { environmentId, applicationId, control: 'rendered-manifest', contentDigest: document.manifestsDigest },
      select: { content: true },
    })
    const verified = own.findLast(({ content }) => content !== '')?.content ?? ''
    const signOff =
      verified === ''
        ? null
        : await tx.signOff.findFirst({ where: { checklistDigest: `sha256:${sha256Hex(verified)}` }, orderBy: { signedAt: 'desc' } })
    const handOff = handOffs.find((one) => one.revision === revision.number)
    return {
      name: `${document.application}-${document.environment}-${document.release.bundle}`,
      files: new Map<string, string>([
        ['kit.json', revision.document],
        ['release.json', canonicalJson(document.release)],
        ['values.json', canonicalJson(document.values)],
        ['secrets.json', canonicalJson(document.secrets)],
        ['runbook.md', runbookText(document)],
        ['checklist.json', canonicalJson(document.checklist)],
        [
          'stages.json',
          canonicalJson(
            own.map(({ stage, outcome, role, note, doneAt, doneBy }) => ({ stage, outcome, role, note, doneAt: doneAt.toISOString(), doneBy })),
          ),
        ],
        ['links.json', canonicalJson(guides.map(({ id, title }) => ({ title, path: `/t/${document.tenant}/kits/guides/${id}` })))],
        ...(manifest ? ([['manifests.json', manifest.content]] as const) : []),
        ...(verified === '' ? [] : ([['checklist-verified.json', verified]] as const)),
        ...(signOff ? ([['sign-off.dsse.json', signOff.envelope]] as const) : []),
        ...(handOff
          ? ([
              [
                'hand-off.json',
                canonicalJson({
                  team: handOff.team,
                  areas: JSON.parse(handOff.areas) as unknown,
                  acceptedBy: handOff.acceptedBy,
                  acceptedAt: handOff.acceptedAt.toISOString(),
                }),
              ],
            ] as const)
          : []),
      ]),
    }
  })
  const sums = [...files]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => `${sha256Hex(text)}  ${path}\n`)
    .join('')
  const { signature, key } = signText(ctx.tenant.id, sums)
  const all = [...files, ['SHA256SUMS', sums], ['SHA256SUMS.sig', `${signature}\n`], ['key.json', canonicalJson(key)]] as const
  const entries = all.map(([path, text]) => {
    const bytes = Buffer.from(text)
    return { path: `${name}/${path}`, sizeBytes: bytes.length, data: () => one(bytes) }
  })
  // gzip without a time of its own (RFC 1952, MTIME 0), so that nothing of now is in the bytes.
  return { fileName: `${name}.tar.gz`, body: Readable.from(tarOf(entries)).pipe(createGzip({ level: 9 })) }
}

function runbookText(document: KitDocument): string {
  const head = `# ${document.application} in ${document.environment}, ${document.release.bundle}\n`
  return `${head}${runbookSections.map((section) => `\n## ${section.charAt(0).toUpperCase()}${section.slice(1)}\n\n${document.runbook[section]}\n`).join('')}`
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
