'use client'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useState, type ReactNode } from 'react'
import { GateList } from '#components/gates/gate-list'
import { ForActors, useIsReader } from '#components/layout/reader'
import { ApprovalList } from '#components/promotion/approval-list'
import { MoveStrip } from '#components/promotion/move-strip'
import { PlanChanges } from '#components/promotion/plan-changes'
import { PlanLanes } from '#components/promotion/plan-lanes'
import { PromotionActs, why } from '#components/promotion/promotion-acts'
import { PromotionBanners } from '#components/promotion/promotion-banners'
import { PromotionFacts } from '#components/promotion/promotion-facts'
import { isWaiting, PromotionStatus, promotionTitle } from '#components/promotion/promotion-words'
import { RolloutSection } from '#components/promotion/rollout-section'
import { usePromotion } from '#components/promotion/use-promotion'
import { Button } from '#components/ui/button'
import { CopyLine } from '#components/ui/copy-line'
import { countWords } from '#components/ui/count-words'
import { PageHeader } from '#components/ui/page-header'
import { ProblemNotice } from '#components/ui/problem-notice'
import { Section } from '#components/ui/section'
import { SkeletonRows } from '#components/ui/skeleton'
import { blocks, type GateResult } from '#lib/promotions/gates'
import type { PromotionView } from '#lib/promotions/promotion'
import { mayWaive } from '#lib/promotions/waivable'

// Its code comes when it is opened.
const WaiveDialog = dynamic(async () => (await import('#components/gates/waive-dialog')).WaiveDialog, { ssr: false })

/** One promotion from request to verified, live. */
export function PromotionPage({ tenant, id }: { tenant: string; id: string }): ReactNode {
  const query = usePromotion(tenant, id)
  const trail = (
    <Link href={`/t/${tenant}/promotions`} className="hover:text-ink">
      Promotions
    </Link>
  )
  if (!query.data) {
    return (
      <>
        <PageHeader title="Promotion" trail={trail} />
        {query.error ? (
          <ProblemNotice problem={query.error} action={<Button onClick={() => void query.refetch()}>Try again</Button>} />
        ) : (
          <SkeletonRows label="Loading the promotion" />
        )}
      </>
    )
  }
  const promotion = query.data
  return (
    <>
      <PageHeader
        title={promotionTitle(promotion)}
        trail={trail}
        at={query.dataUpdatedAt}
        actions={
          <ForActors>
            <PromotionActs tenant={tenant} promotion={promotion} />
          </ForActors>
        }
      >
        <span className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
          <PromotionStatus state={promotion.state} />
          <span>requested by {promotion.requestedBy.name}</span>
        </span>
      </PageHeader>
      <div className="grid gap-4">
        {query.error && <ProblemNotice problem={query.error} title="What you see may be old" />}
        <PromotionBanners tenant={tenant} promotion={promotion} />
        <PromotionStrip promotion={promotion} />
        <div className="grid items-start gap-x-6 gap-y-6 lg:grid-cols-[minmax(0,380px)_minmax(0,1fr)]">
          <div className="grid min-w-0 gap-6 max-lg:order-2">
            <Gates tenant={tenant} promotion={promotion} />
            <Section title="Decisions" isBoxed>
              <ApprovalList approvals={promotion.approvals} isOpen={isWaiting(promotion.state)} />
            </Section>
            <Section title="Facts" isBoxed>
              <PromotionFacts tenant={tenant} promotion={promotion} />
            </Section>
          </div>
          <div className="grid min-w-0 gap-6">
            {promotion.rollout && <RolloutSection tenant={tenant} promotion={promotion} />}
            <Section title="What it changes">
              <PlanChanges plan={promotion.plan} />
            </Section>
            <PlanLanes tenant={tenant} promotion={promotion} />
          </div>
        </div>
        <CopyLine line={`caisson promotion ${promotion.id} --tenant ${tenant}`} />
      </div>
    </>
  )
}

function PromotionStrip({ promotion }: { promotion: PromotionView }): ReactNode {
  const { plan, release, digest, environment } = promotion
  const { baseline } = plan
  const from = baseline && {
    release: baseline.release,
    digest: baseline.components[0]?.digest ?? '',
    words: baseline.isStopped
      ? `stopped in ${environment.slug}`
      : `${isWaiting(promotion.state) ? 'runs' : 'ran'} in ${environment.slug}, config r${baseline.configRevision}`,
  }
  const to = {
    release,
    digest,
    words: plan.replicas === 0 ? 'stopped' : `${countWords(plan.replicas, 'replica')} of each component, config r${plan.config.revision}`,
  }
  return <MoveStrip from={from} to={to} />
}

function Gates({ tenant, promotion }: { tenant: string; promotion: PromotionView }): ReactNode {
  const [waived, setWaived] = useState<string | null>(null)
  const isReader = useIsReader()
  const mayBeWaived = (gate: GateResult) => !isReader && isWaiting(promotion.state) && blocks(gate) && mayWaive(gate.gate).allowed
  return (
    <Section title="Gates">
      <GateList
        gates={promotion.gates}
        at={promotion.gatesAt}
        action={(gate) =>
          mayBeWaived(gate) && (
            <Button size="sm" tone="quiet" disabledReason={why(promotion.may.waive)} onClick={() => setWaived(gate.gate)}>
              Waive
            </Button>
          )
        }
      />
      {waived !== null && (
        <WaiveDialog
          tenant={tenant}
          gate={waived}
          place={{ application: promotion.application.slug, environment: promotion.environment.slug }}
          onClose={() => setWaived(null)}
        />
      )}
    </Section>
  )
}
