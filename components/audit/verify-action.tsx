'use client'
import { ShieldCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { useReason } from '#components/tenant/use-tenant'
import { Button } from '#components/ui/button'
import { buttonClass } from '#components/ui/button-class'
import { ProblemNotice } from '#components/ui/problem-notice'
import { Status } from '#components/ui/status'
import type { VerificationReport } from '#lib/audit/finding'

/** Verifies the whole log now, and hands it to an auditor. */
export function VerifyAction({ tenant }: { tenant: string }): ReactNode {
  const reason = useReason(tenant)
  const verify = useChange(() => apiSend<VerificationReport>('POST', tenantPath(tenant, 'audit', 'verifications')), [tenantKey(tenant, 'audit')])
  const report = verify.data
  const exportReason = reason('audit.export')
  return (
    <div className="flex flex-wrap items-center gap-2">
      {report && !verify.isPending && (
        <span role="status">
          <Status tone={report.isOk ? 'ok' : 'bad'} plain>
            {report.isOk ? `${report.size.toLocaleString('en')} entries intact` : `${report.findings.length} findings`}, in {report.tookMs} ms
          </Status>
        </span>
      )}
      {verify.error && <ProblemNotice problem={verify.error} title="The log was not verified" />}
      {exportReason === undefined ? (
        <a href={`/api/v1${tenantPath(tenant, 'audit', 'export')}`} download className={buttonClass('secondary', 'sm')}>
          Export as JSONL
        </a>
      ) : (
        <Button size="sm" disabledReason={exportReason}>
          Export as JSONL
        </Button>
      )}
      <Button size="sm" icon={ShieldCheck} busy={verify.isPending} disabledReason={reason('audit.read')} onClick={() => verify.mutate(undefined)}>
        Verify now
      </Button>
    </div>
  )
}
