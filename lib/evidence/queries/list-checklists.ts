import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { judgeChecklist } from '#lib/evidence/checklist'
import type { ChecklistSummary, listChecklistsInput } from '#lib/evidence/checklist-view'
import { runningOf } from '#lib/evidence/derived-checks'
import type { ChecklistSubject } from '#lib/evidence/facts'
import { isSettled } from '#lib/evidence/item'
import { findRisks } from '#lib/evidence/queries/find-risks'
import { releaseComponents } from '#lib/evidence/queries/find-subject'
import { loadEvidenceIndex } from '#lib/evidence/queries/load-evidence-index'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { environmentPolicySchema } from '#lib/tenants/environment-policy'

interface Row {
  applicationId: string
  application: string
  applicationName: string
  environmentId: string
  environment: string
  environmentName: string
  rank: number
  releaseId: string
  release: string
}

/** Checklists of what runs, and of every other release that something is known about: 200 at most, what runs first. */
export async function listChecklists(ctx: TenantContext, input: z.output<typeof listChecklistsInput>): Promise<{ items: ChecklistSummary[] }> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const rows = await loadSubjects(tx, input)
    const applicationIds = [...new Set(rows.map((row) => row.applicationId))]
    const releaseIds = [...new Set(rows.map((row) => row.releaseId))]
    const index = await loadEvidenceIndex(tx, ctx.tenant, { applicationIds, releaseIds })
    const components = await releaseComponents(tx, releaseIds)
    const parameters = await loadParameters(tx)
    const subjects = rows.map((row): ChecklistSubject & { row: Row } => ({
      row,
      application: { id: row.applicationId, slug: row.application },
      environment: { id: row.environmentId, slug: row.environment },
      release: { id: row.releaseId, name: row.release, components: components.filter(({ releaseId }) => releaseId === row.releaseId) },
      parameters: parameters.get(row.environmentId) ?? {},
    }))
    const judged = subjects.map((subject) => ({ subject, checklist: judgeChecklist(index, subject) }))
    const ids = [...new Set(judged.flatMap(({ checklist }) => checklist.items.flatMap((item) => item.rows.map(({ id }) => id))))]
    const risks = await findRisks(tx, ctx.tenant.id, ids)
    const items = judged.map(({ subject, checklist }): ChecklistSummary => {
      const { row, release } = subject
      return {
        application: { slug: row.application, name: row.applicationName },
        environment: { slug: row.environment, name: row.environmentName, rank: row.rank },
        release: { name: release.name, digest: release.components[0]?.digest ?? '' },
        isRunning: runningOf(index, subject) !== null,
        settled: checklist.items.filter(isSettled).length,
        total: checklist.items.length,
        open: checklist.items.filter((item) => !isSettled(item)).map(({ control, status }) => ({ title: control.title, status })),
        signOffState: checklist.signOffState,
        isComplete: checklist.isComplete,
        isAtRisk: risks.words.length > 0 || checklist.items.some((item) => item.rows.some(({ id }) => risks.evidenceIds.has(id))),
      }
    })
    return { items }
  })
}

async function loadSubjects(tx: Tx, { application, environment }: z.output<typeof listChecklistsInput>): Promise<Row[]> {
  return tx.$queryRaw<Row[]>`
    with known as (
      select environment_id, application_id, release_id, true as runs, deployed_at as at from deployment
      union all
      select environment_id, application_id, release_id, false, max(recorded_at) from evidence where release_id is not null group by 1, 2, 3
    ), newest as (
      select environment_id, application_id, release_id, bool_or(runs) as runs, max(at) as at from known group by 1, 2, 3
    )
    select a.id as "applicationId", a.slug as application, a.name as "applicationName", e.id as "environmentId", e.slug as environment,
      e.name as "environmentName", e.rank, r.id as "releaseId", r.name as release
    from newest n join application a on a.id = n.application_id join environment e on e.id = n.environment_id join release r on r.id = n.release_id
    where (${application ?? null}::text is null or a.slug = ${application ?? null})
      and (${environment ?? null}::text is null or e.slug = ${environment ?? null})
    order by n.runs desc, a.slug, e.rank, n.at desc limit 200`
}

/** Of the gate `evidence`, by environment id. */
async function loadParameters(tx: Tx): Promise<Map<string, Record<string, unknown>>> {
  const rows = await tx.$queryRaw<{ environmentId: string; document: string }[]>`
    select distinct on (environment_id) environment_id as "environmentId", document from environment_policy order by environment_id, version desc`
  return new Map(
    rows.map(({ environmentId, document }) => [environmentId, environmentPolicySchema.parse(JSON.parse(document)).gates.evidence?.params ?? {}]),
  )
}
