import type { z } from 'zod'
import { authorize, may } from '#lib/access/authorize'
import type { HandOffAreas } from '#lib/kits/hand-off'
import { environmentOfKit } from '#lib/kits/internal/kit-place'
import { loadKit, stageFacts, type LoadedKit } from '#lib/kits/internal/load-kit'
import { guideList, type KitView, type oneKitInput, type StageView } from '#lib/kits/kit'
import { mayEnter, mayTake, nextStage, stages, type StageFacts } from '#lib/kits/stages'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { KitStage } from '#lib/platform/generated/client'
import { allowed, refused, type Verdict } from '#lib/platform/refusal'
import { peopleNames } from '#lib/releases/queries/people-names'

/** A kit in one of its revisions: five artifacts, seven stages, and what you may do. */
export async function getKit(ctx: TenantContext, input: z.output<typeof oneKitInput>): Promise<KitView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read((tx) => presentKit(tx, ctx, input.kit, input.revision))
}

export async function presentKit(tx: Tx, ctx: TenantContext, id: string, number?: number): Promise<KitView> {
  const loaded = await loadKit(tx, id, number)
  const { kit, revisions, revision, document, stages: records, handOffs } = loaded
  const environment = await environmentOfKit(tx, kit)
  const application = await tx.application.findUniqueOrThrow({ where: { id: kit.applicationId }, select: { slug: true, name: true } })
  const { checklist: _checklist, ...facts } = await stageFacts(tx, ctx, loaded)
  const people = await peopleNames(tx, [
    ...revisions.map(({ createdBy }) => createdBy),
    ...records.map(({ doneBy }) => doneBy),
    ...handOffs.map(({ acceptedBy }) => acceptedBy),
  ])
  const person = (userId: string) => ({ id: userId, name: people.get(userId) ?? userId })
  const done = records.filter((one) => one.revision === revision.number)
  const isNewest = revision.number === revisions[0]?.number
  const newest: Verdict = isNewest
    ? allowed
    : refused('conflict', `Revision ${revisions[0]?.number ?? 0} is the newest.`, 'Look at the newest revision.')
  const own = handOffs.find((one) => one.revision === revision.number)
  return {
    id: kit.id,
    application,
    environment: { slug: environment.slug, name: environment.name },
    revision: revision.number,
    revisions: revisions.map((one) => ({
      number: one.number,
      release: (JSON.parse(one.document) as { release: { name: string } }).release.name,
      reason: one.reason,
      createdAt: one.createdAt.toISOString(),
      createdBy: person(one.createdBy),
      standing: standingOf(records.filter((stage) => stage.revision === one.number)),
    })),
    digest: revision.digest,
    document,
    createdAt: revision.createdAt.toISOString(),
    createdBy: person(revision.createdBy),
    reason: revision.reason,
    stages: stages.map((stage) =>
      presentStage(stage, done, facts, person, [newest, may(ctx.actor, stage.verb, { environment }), mayTake(stage.id, done, revision.number)]),
    ),
    drift: facts.whyNotInstalled,
    handOff: own
      ? { team: own.team, areas: JSON.parse(own.areas) as HandOffAreas, acceptedAt: own.acceptedAt.toISOString(), acceptedBy: person(own.acceptedBy) }
      : null,
    missingForHandOff: facts.missingForHandOff,
    owner: handOffs[0]?.team ?? '',
    guides: guideList,
    revise: may(ctx.actor, 'kit.prepare', { environment }),
    accept: first([newest, may(ctx.actor, 'kit.accept', { environment }), mayTake('hand-off', done, revision.number), mayEnter('hand-off', facts)]),
  }
}

function presentStage(
  { id, title, entry }: (typeof stages)[number],
  done: readonly KitStage[],
  facts: StageFacts,
  person: (id: string) => { id: string; name: string },
  verdicts: Verdict[],
): StageView {
  const record = done.find(({ stage }) => stage === id)
  const state = record ? (record.outcome === 'failed' ? 'failed' : 'done') : nextStage(done) === id ? 'next' : 'waiting'
  return {
    id,
    title,
    entry,
    state,
    by: record ? person(record.doneBy) : null,
    role: record?.role ?? '',
    at: record?.doneAt.toISOString() ?? null,
    note: record?.note ?? '',
    take: first([...verdicts, mayEnter(id, facts)]),
  }
}

function first(verdicts: readonly Verdict[]): Verdict {
  return verdicts.find((verdict) => !verdict.allowed) ?? allowed
}

/** Where a revision stands, in words. */
export function standingOf(records: readonly Pick<LoadedKit['stages'][number], 'stage' | 'outcome'>[]): string {
  const failed = records.find(({ outcome }) => outcome === 'failed')
  if (failed) return `failed at ${failed.stage}`
  const next = nextStage(records.map((one) => ({ ...one, doneBy: '' })))
  return next === undefined ? 'handed off' : `at ${next}`
}
