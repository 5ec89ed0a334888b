'use client'
import { Undo2 } from 'lucide-react'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { PlaceFilters } from '#components/promotion/place-filters'
import { why } from '#components/promotion/promotion-acts'
import { CandidateList } from '#components/rollback/candidate-list'
import { RecoveryHistory } from '#components/rollback/recovery-history'
import { RollbackLook } from '#components/rollback/rollback-look'
import { RollbackStart } from '#components/rollback/rollback-start'
import { Banner } from '#components/ui/banner'
import { CopyLine } from '#components/ui/copy-line'
import { EmptyState } from '#components/ui/empty-state'
import { LinkButton } from '#components/ui/link-button'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import { Section } from '#components/ui/section'
import type { RollbackView } from '#lib/promotions/rollback'

const address = {
  app: parseAsString.withDefault(''),
  env: parseAsString.withDefault(''),
  to: parseAsString.withDefault(''),
  config: parseAsStringLiteral(['now', 'then'] as const),
}

/** Three moves on one page: pick what to go back to, look at what changes, say why. */
export function RollbackPage({ tenant }: { tenant: string }): ReactNode {
  const [{ app, env, to, config }, setAddress] = useQueryStates(address)
  const isPlaced = app !== '' && env !== ''
  const query = useApi<RollbackView>(tenantKey(tenant, 'board', 'rollback', app, env), tenantPath(tenant, 'rollback-candidates'), {
    query: { application: app, environment: env },
    isEnabled: isPlaced,
  })
  const choose = (release: string): void => void setAddress({ to: release, config: null })
  const line = [
    'caisson rollback',
    app || 'APP',
    env || 'ENVIRONMENT',
    to && `--to ${to}`,
    config === 'then' && '--config then',
    `--tenant ${tenant}`,
  ]
  return (
    <>
      <PageHeader title={isPlaced ? `Roll back ${app} in ${env}` : 'Roll back'} {...(isPlaced ? { at: query.dataUpdatedAt } : {})}>
        Pick a release that ran here, look at what changes, say why. A freeze does not stop it.
      </PageHeader>
      <div className="grid gap-6">
        <div className="grid grid-cols-2 gap-2 md:max-w-140">
          <PlaceFilters
            tenant={tenant}
            app={app}
            env={env}
            any={{ app: 'Choose one', env: 'Choose one' }}
            onChange={(change) => void setAddress({ ...change, to: null, config: null })}
          />
        </div>
        {isPlaced ? (
          <Loaded query={query} label="Loading what it can go back to">
            {(view) => (
              <RollbackMoves
                tenant={tenant}
                view={view}
                to={to}
                config={config}
                onChoose={choose}
                onConfig={(next) => void setAddress({ config: next })}
              />
            )}
          </Loaded>
        ) : (
          <RollbackStart tenant={tenant} app={app} env={env} />
        )}
        {app !== '' && <RecoveryHistory tenant={tenant} application={app} />}
        <CopyLine line={line.filter(Boolean).join(' ')} />
      </div>
    </>
  )
}

interface RollbackMovesProps {
  tenant: string
  view: RollbackView
  to: string
  config: 'now' | 'then' | null
  onChoose: (release: string) => void
  onConfig: (config: 'now' | 'then') => void
}

function RollbackMoves({ tenant, view, to, config, onChoose, onConfig }: RollbackMovesProps): ReactNode {
  const { candidates, mayRollBack, current } = view
  const wanted = candidates.find(({ release, isBlocked }) => release === to && !isBlocked)
  const chosen = wanted ?? candidates.find(({ isLastGood }) => isLastGood)
  if (candidates.length === 0) {
    return (
      <EmptyState title="There is nothing to go back to" icon={Undo2} action={<LinkButton href={`/t/${tenant}`}>Open the board</LinkButton>}>
        {current
          ? `${current.release} is the only release that ever completed in ${view.environment.slug}.`
          : `Nothing ever completed in ${view.environment.slug}.`}
      </EmptyState>
    )
  }
  const lacksKeys = chosen?.prechecks.some(({ name, outcome }) => name === 'configuration' && outcome === 'failed') ?? false
  return (
    <>
      {view.hold && (
        <Banner tone="wait" title="Nothing new comes here until somebody lifts the hold">
          {view.hold.reason}. Going back further stays possible.
        </Banner>
      )}
      {!mayRollBack.allowed && (
        <Banner tone="wait" title="You cannot roll back here.">
          {why(mayRollBack)}
        </Banner>
      )}
      <Section title="1. Pick" aside={current && `${current.release} runs now, ${current.state.replaceAll('_', ' ')}`}>
        <CandidateList candidates={candidates} chosen={chosen?.release ?? null} onChoose={onChoose} />
      </Section>
      {chosen ? (
        <RollbackLook tenant={tenant} view={view} candidate={chosen} config={config ?? (lacksKeys ? 'then' : 'now')} onConfig={onConfig} />
      ) : (
        <Banner tone="bad" title="No release can be gone back to as things are.">
          Each of them misses something; what, stands beside it. Promote a newer release instead.
        </Banner>
      )}
    </>
  )
}
