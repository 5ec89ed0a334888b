import { authorize, mayPlatform } from '#lib/access/authorize'
import { builderVersion } from '#lib/builder/builder-version'
import { diagnosisText, judgeInstallation, judgeServices, judgeWork, type DiagnosisView } from '#lib/operations/diagnosis'
import { installationFacts } from '#lib/operations/internal/installation-facts'
import { workFacts } from '#lib/operations/internal/work-facts'
import { newestMigration } from '#lib/platform/postgres/migrate'
import { readiness } from '#lib/operations/queries/service-readiness'
import type { TenantContext } from '#lib/platform/context'

/**
 * What an operator looks at when something does not work. Members see the parts of Caisson and what waits or fails of their tenant;
 * platform admins see the machine, the database and the work of all tenants together.
 */
export async function diagnose(ctx: TenantContext): Promise<DiagnosisView> {
  authorize(ctx.actor, 'tenant.read')
  const isWhole = mayPlatform(ctx.actor, 'installation.inspect').allowed
  const at = new Date().toISOString()
  const [{ checks: codes }, work, installation] = await Promise.all([
    readiness(),
    workFacts(isWhole ? null : ctx.tenant.id),
    isWhole ? installationFacts() : undefined,
  ])
  const checks = [...judgeServices(codes), ...(installation ? judgeInstallation(installation.facts) : []), ...judgeWork(work)]
  const versions = installation
    ? [
        { name: 'Node.js', value: process.version },
        { name: 'PostgreSQL', value: installation.postgres },
        { name: 'Schema', value: newestMigration() },
        { name: 'Builder', value: builderVersion },
        { name: 'Java', value: installation.java },
        { name: 'Platform', value: `${process.platform} ${process.arch}` },
        { name: 'Server up for', value: `${Math.round(process.uptime() / 60)} min` },
      ]
    : []
  const view = { at, checks, versions, isWhole }
  return { ...view, text: diagnosisText(view) }
}
