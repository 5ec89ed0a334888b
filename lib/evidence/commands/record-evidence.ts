import { appendEntry } from '#lib/audit/commands/append-entry'
import { findControl, type ControlId } from '#lib/evidence/controls'
import type { EvidenceOrigin, EvidenceOutcome } from '#lib/evidence/facts'
import { canonicalJson, sha256Hex } from '#lib/platform/canonical-json'
import { actorId, type TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { announce } from '#lib/platform/live-event'

export interface EvidenceInput {
  control: ControlId
  /** Of a control that needs several: `data` or `secrets` of `recovery`. */
  part?: string
  /** Whom it is about; what is left out is wider: no release, every release; nothing at all, the whole tenant. */
  scope: { environmentId?: string; applicationId?: string; releaseId?: string }
  outcome: EvidenceOutcome
  /** Caisson saw it, in the course of what somebody asked for; else it is the word of the one who acts. */
  isObserved?: boolean
  /** One sentence: what was seen. */
  summary: string
  /** What the control asks to be said beside it: names and values. */
  facts?: Record<string, unknown>
  /** The evidence itself: a text, or a file that is in the registry. */
  content: TextContent | FileContent
  promotionId?: string
  /** When it was seen; now, when absent. */
  observedAt?: Date
}

export interface TextContent {
  text: string
  mediaType: string
}

export interface FileContent {
  digest: string
  sizeBytes: number
  mediaType: string
  fileName: string
  /** `tenant/application[/component]` */
  repository: string
  referrerDigest: string
}

/**
 * Records what somebody who knows has seen, in the transaction of the change that it is about; the caller has authorized it. A row
 * is never changed: a newer one takes its place. One audit entry for each.
 */
export async function recordEvidence(tx: Tx, ctx: TenantContext, input: EvidenceInput): Promise<{ id: string; contentDigest: string }> {
  if (!findControl(input.control)) throw new TypeError(`there is no control ${input.control}`)
  const id = newId()
  const { environmentId, applicationId, releaseId } = input.scope
  const content = contentColumns(input.content)
  const part = input.part ?? ''
  const [row] = await tx.$queryRaw<{ digests: string[] }[]>`
    insert into evidence (id, tenant_id, environment_id, application_id, release_id, digests, control, part, outcome, origin, summary, facts, content,
      content_digest, media_type, size_bytes, file_name, repository, referrer_digest, promotion_id, recorded_by, recorded_at, observed_at)
    select ${id}, ${ctx.tenant.id}, ${environmentId ?? null}, ${applicationId ?? null}, ${releaseId ?? null},
      array(select digest from release_component where release_id = ${releaseId ?? null} order by digest), ${input.control}, ${part}, ${input.outcome},
      ${input.isObserved ? 'system' : originOf(ctx)}, ${input.summary}, ${canonicalJson(input.facts ?? {})}, ${content.content},
      ${content.contentDigest}, ${content.mediaType}, ${content.sizeBytes}, ${content.fileName}, ${content.repository}, ${content.referrerDigest},
      ${input.promotionId ?? null}, ${actorId(ctx.actor)}, clock.now, coalesce(${input.observedAt ?? null}::timestamptz, clock.now)
    from (select date_trunc('milliseconds', clock_timestamp()) as now) clock
    returning digests`
  const digests = row?.digests ?? []
  await appendEntry(tx, ctx, {
    action: 'evidence.recorded',
    subject: { kind: 'evidence', id, name: part === '' ? input.control : `${input.control} (${part})` },
    after: {
      control: input.control,
      ...(part === '' ? {} : { part }),
      outcome: input.outcome,
      digests,
      contentDigest: content.contentDigest,
      ...(input.promotionId === undefined ? {} : { promotion: input.promotionId }),
      ...input.scope,
    },
    reason: input.summary,
  })
  await announce(tx, ctx.tenant.id, 'release', id)
  return { id, contentDigest: content.contentDigest }
}

function originOf({ actor }: TenantContext): EvidenceOrigin {
  return actor.kind === 'person' || actor.kind === 'token' ? actor.kind : 'system'
}

function contentColumns(content: TextContent | FileContent) {
  if ('text' in content) {
    const { text, mediaType } = content
    const isHere = { fileName: '', repository: '', referrerDigest: '' }
    return { content: text, contentDigest: `sha256:${sha256Hex(text)}`, mediaType, sizeBytes: Buffer.byteLength(text), ...isHere }
  }
  const { digest, ...rest } = content
  return { content: '', contentDigest: digest, ...rest }
}
