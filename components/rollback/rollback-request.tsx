'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Undo2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState, type ReactNode } from 'react'
import { apiSend, type Problem } from '#components/api'
import { tenantPath } from '#components/live'
import { why } from '#components/promotion/promotion-acts'
import { RequestProblem } from '#components/sheet/request-problem'
import { Banner } from '#components/ui/banner'
import { Button } from '#components/ui/button'
import { Checkbox } from '#components/ui/checkbox'
import { fieldsOf } from '#components/ui/draft-field'
import { RelativeTime, spanWords } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { TextField } from '#components/ui/text-field'
import { Textarea } from '#components/ui/textarea'
import type { PromotionView, RequestPromotionInput } from '#lib/promotions/promotion'
import type { SheetView } from '#lib/promotions/sheet'

interface RollbackRequestProps {
  tenant: string
  sheet: SheetView
  config: 'now' | 'then'
  /** The state has to be restored as well, by hand, before. */
  needsRestore: boolean
  /** What the migrations inside the JARs warn of; '' for nothing. */
  contractWarning: string
  /** The sheet is still of the choice before. */
  isLoading: boolean
  targetSeconds: number
}

/** Why, for which incident, and the one button; it leads to the page with the clock. */
export function RollbackRequest({ tenant, sheet, config, needsRestore, contractWarning, isLoading, targetSeconds }: RollbackRequestProps): ReactNode {
  const router = useRouter()
  const client = useQueryClient()
  const [said, setSaid] = useState({ reason: '', incident: '', restored: '' })
  const [isRead, setRead] = useState(false)
  const [typed, setTyped] = useState('')
  const [replaced, setReplaced] = useState<string | null>(null)
  const waiting = sheet.supersedes && sheet.supersedes.state !== 'rolling_out' ? sheet.supersedes : null
  const isReplacing = waiting !== null && replaced === waiting.promotionId
  const { environment, application, release } = sheet
  const post = useMutation<PromotionView, Problem, RequestPromotionInput>({
    mutationFn: (body) => apiSend<PromotionView>('POST', tenantPath(tenant, 'promotions'), body),
    onSuccess: ({ id }) => router.push(`/t/${tenant}/promotions/${id}`),
    onSettled: () => client.invalidateQueries({ queryKey: ['t', tenant] }),
  })
  const field = fieldsOf(said, setSaid, post.error)
  const { reason, incident, restored } = said
  const missing = [
    why(sheet.mayRequest) ?? '',
    waiting && !isReplacing ? `Confirm first that it replaces ${waiting.release}.` : '',
    reason.trim() === '' ? 'Write the reason first.' : '',
    needsRestore && restored.trim() === '' ? 'Say what was restored first.' : '',
    contractWarning !== '' && !isRead ? 'Acknowledge first what the database may be.' : '',
    sheet.asksForName && typed.trim() !== environment.slug ? `Type ${environment.slug} first.` : '',
    isLoading ? 'What changes is still loading.' : '',
  ].find((words) => words !== '')
  const send = (): void =>
    post.mutate({
      application: application.slug,
      environment: environment.slug,
      kind: 'rollback',
      release: release.name,
      config,
      reason: reason.trim(),
      incident: incident.trim(),
      restored: needsRestore ? restored.trim() : undefined,
      acknowledge: contractWarning !== '' && isRead ? ['contract'] : [],
      supersede: isReplacing && waiting ? waiting.promotionId : undefined,
    })
  return (
    <Section
      title="3. Say why"
      description={`From stop to verified it should take ${spanWords(targetSeconds * 1000)} at most; the clock is on the next page.`}
      isBoxed
    >
      <div className="grid gap-3">
        {waiting && (
          <Banner tone="wait" title={`This replaces ${waiting.release}, which waits for ${environment.slug}.`}>
            <p>
              {waiting.requestedBy.name} requested it <RelativeTime at={waiting.requestedAt} />.
            </p>
            <Checkbox
              label={`Replace ${waiting.release}: its approvals count no more`}
              checked={isReplacing}
              onChange={(event) => setReplaced(event.target.checked ? waiting.promotionId : null)}
            />
          </Banner>
        )}
        {contractWarning !== '' && (
          <Banner tone="wait" title={contractWarning}>
            <p>A rollback takes back no migration.</p>
            <Checkbox
              label={`${release.name} runs on that database, or the database was restored`}
              checked={isRead}
              onChange={(event) => setRead(event.target.checked)}
            />
          </Banner>
        )}
        <div className="grid gap-3 md:grid-cols-2">
          <Textarea label="Reason" rows={3} maxLength={2000} {...field('reason')} />
          <div className="grid content-start gap-3">
            <TextField label="Incident" hint="Its number or its address, where there is one." maxLength={200} {...field('incident')} />
            {needsRestore && (
              <TextField
                label="Restored"
                hint="What, and from when: its state is another one than what runs left."
                maxLength={500}
                {...field('restored')}
              />
            )}
            {sheet.asksForName && (
              <TextField
                label={`Type ${environment.slug} to go on`}
                isMono
                autoComplete="off"
                spellCheck={false}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </div>
        </div>
        {post.error && <RequestProblem tenant={tenant} problem={post.error} />}
        <div className="flex justify-end">
          <Button tone="primary" icon={Undo2} busy={post.isPending} disabledReason={missing} onClick={send}>
            Roll back {environment.slug} to {release.name}
          </Button>
        </div>
      </div>
    </Section>
  )
}
