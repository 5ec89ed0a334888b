'use client'
import { KeyRound, Plus } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { ForActors } from '#components/layout/reader'
import { useAct } from '#components/layout/use-act'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { tokenColumns } from '#components/settings/token-columns'
import { useChange } from '#components/tenant/use-change'
import { useMe, useReason } from '#components/tenant/use-tenant'
import { Button } from '#components/ui/button'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { CopyLine } from '#components/ui/copy-line'
import { DataTable } from '#components/ui/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { ProblemNotice } from '#components/ui/problem-notice'
import { Section } from '#components/ui/section'
import { SkeletonRows } from '#components/ui/skeleton'
import type { TokenView } from '#lib/access/api-token'

// Its code comes when it is opened.
const CreateTokenDialog = dynamic(async () => (await import('#components/settings/create-token-dialog')).CreateTokenDialog, { ssr: false })

/** How machines sign in: what each token may do, when it was last used, and its end. */
export function TokensPage({ tenant }: { tenant: string }): ReactNode {
  const [revoking, setRevoking] = useState<TokenView>()
  const me = useMe()
  const reasonFor = useReason(tenant)
  const reason = reasonFor('token.manage')
  const closed = reasonFor('settings.read')
  const [isCreating, setCreating] = useAct('create', reason)
  const list = useApi<{ items: TokenView[]; offeredVerbs: string[] }>(tenantKey(tenant, 'settings', 'tokens'), tenantPath(tenant, 'tokens'), {
    isEnabled: closed === undefined,
  })
  const revoke = useChange((id: string) => apiSend('DELETE', tenantPath(tenant, 'tokens', id)), [tenantKey(tenant, 'settings')])
  const create = (
    <ForActors>
      <Button tone="primary" size="sm" icon={Plus} disabledReason={reason} onClick={() => setCreating(true)}>
        Create a token
      </Button>
    </ForActors>
  )
  return (
    <>
      <Section
        title="API tokens"
        aside={list.data?.items.length !== 0 && create}
        description="A token acts in this tenant alone, with what its maker may at most and never with a person’s decisions."
      >
        {me.data && closed !== undefined && (
          <EmptyState icon={KeyRound} title="Tokens are not shown to you">
            {closed}
          </EmptyState>
        )}
        {list.error && <ProblemNotice problem={list.error} title="The tokens could not be listed" />}
        {!list.data && !list.error && (closed === undefined || !me.data) && <SkeletonRows label="Loading the tokens" rows={3} />}
        {list.data && (
          <DataTable
            caption="API tokens"
            columns={tokenColumns(reason, setRevoking)}
            rows={list.data.items}
            rowKey={({ id }) => id}
            empty={
              <EmptyState icon={KeyRound} title="No token yet" action={create}>
                A pipeline signs in with a token: to upload what it built, or to ask for a promotion.
              </EmptyState>
            }
          />
        )}
      </Section>
      <div className="mt-6">
        <CopyLine line={`caisson token list --tenant ${tenant}`} />
      </div>
      {isCreating && <CreateTokenDialog tenant={tenant} offered={list.data?.offeredVerbs ?? []} onClose={() => setCreating(false)} />}
      {revoking && (
        <ConfirmDialog
          change={revoke}
          input={revoking.id}
          onClose={() => setRevoking(undefined)}
          title={`Revoke the token ${revoking.name}`}
          act="Revoke the token"
        >
          <p>Whatever uses it is refused from its next request on. This cannot be undone.</p>
        </ConfirmDialog>
      )}
    </>
  )
}
