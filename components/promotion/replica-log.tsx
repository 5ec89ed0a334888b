'use client'
import { Download, ScrollText } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { tenantPath } from '#components/live'
import { isSettled } from '#components/promotion/promotion-words'
import { useLogTail } from '#components/promotion/use-log-tail'
import { Button } from '#components/ui/button'
import { buttonClass } from '#components/ui/button-class'
import { LogView } from '#components/ui/log-view'
import { ProblemNotice } from '#components/ui/problem-notice'
import { Section } from '#components/ui/section'
import { Select } from '#components/ui/select'
import type { PromotionView } from '#lib/promotions/promotion'
import type { StepView } from '#lib/rollouts/rollout'

interface ReplicaLogProps {
  tenant: string
  promotion: PromotionView
  steps: readonly StepView[]
}

/** What a replica of this rollout writes, as it writes it; open while it rolls out, on demand afterwards. */
export function ReplicaLog({ tenant, promotion, steps }: ReplicaLogProps): ReactNode {
  const started = steps.filter(({ act, state }) => act === 'start' && state !== 'planned' && state !== 'skipped')
  const [chosen, setChosen] = useState<string | null>(null)
  const [isAsked, setAsked] = useState(false)
  const isOpen = isAsked || !isSettled(promotion.state)
  const first = started.find(({ state }) => state === 'failed') ?? started.at(-1)
  const replica = started.find(({ replicaId }) => replicaId === chosen) ?? first
  const base = replica
    ? tenantPath(
        tenant,
        'environments',
        promotion.environment.slug,
        'applications',
        promotion.application.slug,
        'replicas',
        replica.replicaId,
        'logs',
      )
    : ''
  const tail = useLogTail(isOpen && replica ? `${base}?follow=true&tail=500` : null, !isSettled(promotion.state))
  if (!replica) return null
  if (!isOpen) {
    return (
      <Section title="Log">
        <Button icon={ScrollText} onClick={() => setAsked(true)}>
          Show the log of a replica
        </Button>
      </Section>
    )
  }
  return (
    <Section title="Log" aside={tail.state === 'following' ? 'as it is written' : tail.state}>
      <div className="grid gap-2">
        <div className="flex flex-wrap items-end gap-2">
          <div className="min-w-0 flex-1 basis-56">
            <Select
              label="Replica"
              value={replica.replicaId}
              options={started.map(({ replicaId, component }) => ({ value: replicaId, label: `${component} · ${replicaId}` }))}
              onChange={setChosen}
            />
          </div>
          {tail.state === 'ended' && <Button onClick={tail.again}>Follow again</Button>}
          <a href={`/api/v1${base}`} download={`${replica.replicaId}.log`} className={buttonClass()}>
            <Download aria-hidden size={15} />
            Download
          </a>
        </div>
        {tail.problem && <ProblemNotice problem={tail.problem} title="The log cannot be followed" />}
        <LogView label={`Log of ${replica.replicaId}`} lines={tail.lines} />
      </div>
    </Section>
  )
}
