import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import { boardColumn, boardRow } from '#lib/promotions/board-row'
import { boardInput, type BoardInput, type BoardView } from '#lib/promotions/board'
import { loadSituation } from '#lib/promotions/queries/load-situation'

/** Applications down, environments across, a page at a time. The number of statements does not depend on the number of rows. */
export async function getBoard(ctx: TenantContext, input: BoardInput = {}): Promise<BoardView> {
  authorize(ctx.actor, 'tenant.read')
  const { search, page, pageSize } = boardInput.parse(input)
  return ctx.read(async (tx) => {
    const part = { contains: search, mode: 'insensitive' } as const
    const where = search === '' ? {} : { OR: [{ slug: part }, { name: part }] }
    const total = await tx.application.count({ where })
    const found = await tx.application.findMany({
      where,
      orderBy: { slug: 'asc' },
      skip: (page - 1) * pageSize,
      take: pageSize,
      select: { id: true },
    })
    const situation = await loadSituation(tx, ctx.tenant, { applicationIds: found.map(({ id }) => id) })
    const [summary] = await tx.$queryRaw<BoardView['summary'][]>`
      select (select count(*)::int from promotion where state in ('requested', 'approved')) as waiting,
        (select count(*)::int from promotion where state = 'rolling_out') as "rollingOut",
        (select count(*)::int from deployment where not is_stopped and state in ('degraded', 'not_ready')
          and (observed_at is null or observed_at >= now() - stale_after_ms * interval '1 millisecond')) as "notReady"`
    return {
      environments: situation.environments.map((environment) => boardColumn(situation, environment)),
      rows: situation.applications.map((application) => boardRow(situation, application)),
      total,
      page,
      pageSize,
      summary: summary ?? { waiting: 0, rollingOut: 0, notReady: 0 },
      isLowTier: ctx.tenant.tier === 'LOW',
      asOf: situation.now.toISOString(),
    }
  })
}
