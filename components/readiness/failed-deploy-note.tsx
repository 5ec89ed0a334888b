import Link from 'next/link'
import type { ReactNode } from 'react'
import { Banner } from '#components/ui/banner'
import { RelativeTime } from '#components/ui/relative-time'
import type { FailedDeploy } from '#lib/readiness/deployment'

interface FailedDeployNoteProps {
  tenant: string
  failed: FailedDeploy
  /** Nothing of the application runs here. */
  isNothingThere?: boolean
}

/** That the last deploy did not come through: apart from how what runs is doing, which it says nothing of. */
export function FailedDeployNote({ tenant, failed, isNothingThere = false }: FailedDeployNoteProps): ReactNode {
  const { application, release, kind, state, phase, reason, message, at, promotionId } = failed
  return (
    <Banner
      tone="wait"
      title={
        <>
          Deploy {state === 'errored' ? 'broke off' : 'failed'}: {kind} of {application} {release}
        </>
      }
    >
      {message}{' '}
      <span className="text-ink-3">
        <RelativeTime at={at} />
        {phase && `, while ${phase}`}
        {reason && (
          <>
            , <code className="font-mono text-sm">{reason}</code>
          </>
        )}
        .{' '}
      </span>
      {isNothingThere ? 'Nothing of it runs here. ' : 'What runs is told below, as it was observed. '}
      <Link href={`/t/${tenant}/promotions/${promotionId}`}>See what happened</Link>
    </Banner>
  )
}
