import { Ellipsis } from 'lucide-react'
import type { ReactNode } from 'react'
import { ForActors } from '#components/layout/reader'
import { DataTable, type Column } from '#components/ui/data-table'
import { IconButton } from '#components/ui/icon-button'
import { Menu, MenuItem, MenuSeparator } from '#components/ui/menu'
import { RelativeTime } from '#components/ui/relative-time'
import { Status, type StatusTone } from '#components/ui/status'
import type { WebhookView } from '#lib/notifications/webhook'
import type { Verdict } from '#lib/platform/refusal'

const tones: Record<WebhookView['state'], StatusTone> = { active: 'ok', failing: 'wait', paused: 'off', disabled: 'bad' }

interface WebhookTableProps {
  webhooks: readonly WebhookView[]
  isBusy: boolean
  /** Why the reader may change none of them. */
  reason: string | undefined
  onOpen: (webhook: WebhookView) => void
  onAct: (webhook: WebhookView, what: 'tests' | 'resumptions' | 'rotations' | 'pauses') => void
  onEdit: (webhook: WebhookView) => void
  onRemove: (webhook: WebhookView) => void
  empty: ReactNode
}

export function WebhookTable({ webhooks, isBusy, reason, onOpen, onAct, onEdit, onRemove, empty }: WebhookTableProps): ReactNode {
  const columns: readonly Column<WebhookView>[] = [
    { key: 'name', head: 'Name', isName: true, cell: ({ name }) => name },
    { key: 'state', head: 'State', cell: (hook) => <State hook={hook} /> },
    { key: 'url', head: 'Address', cell: ({ url }) => <span className="font-mono text-sm break-all">{url}</span> },
    { key: 'topics', head: 'Topics', cell: ({ topics }) => (topics.length === 0 ? 'all' : topics.join(', ')) },
    {
      key: 'counts',
      head: 'Deliveries',
      cell: (hook) => (
        <button type="button" className="text-left text-accent underline underline-offset-2" onClick={() => onOpen(hook)}>
          <span className="sr-only">{hook.name}: </span>
          {hook.counts.delivered} taken, {hook.counts.pending} waiting, {hook.counts.dead} dead
        </button>
      ),
    },
    { key: 'by', head: 'Added by', cell: ({ createdBy }) => createdBy },
    {
      key: 'act',
      head: <span className="sr-only">Acts</span>,
      align: 'end',
      cell: (hook) => (
        <ForActors>
          <Menu trigger={<IconButton icon={Ellipsis} label={`What to do with ${hook.name}`} />} align="end">
            <MenuItem onSelect={() => onAct(hook, 'tests')} disabledReason={isBusy ? 'Something is under way.' : why(hook.may.test)}>
              Send a test
            </MenuItem>
            <MenuItem onSelect={() => onOpen(hook)}>Show deliveries</MenuItem>
            <MenuItem disabledReason={reason} onSelect={() => onEdit(hook)}>
              Change
            </MenuItem>
            <MenuItem onSelect={() => onAct(hook, 'rotations')} disabledReason={isBusy ? 'Something is under way.' : reason}>
              New secret
            </MenuItem>
            {hook.state === 'active' || hook.state === 'failing' ? (
              <MenuItem onSelect={() => onAct(hook, 'pauses')} disabledReason={why(hook.may.pause)}>
                Pause
              </MenuItem>
            ) : (
              <MenuItem onSelect={() => onAct(hook, 'resumptions')} disabledReason={why(hook.may.resume)}>
                Switch on
              </MenuItem>
            )}
            <MenuSeparator />
            <MenuItem isDanger disabledReason={reason} onSelect={() => onRemove(hook)}>
              Remove
            </MenuItem>
          </Menu>
        </ForActors>
      ),
    },
  ]
  return <DataTable caption="Webhooks" columns={columns} rows={webhooks} rowKey={({ id }) => id} empty={empty} />
}

function State({ hook: { state, failingSince, disabledReason } }: { hook: WebhookView }): ReactNode {
  return (
    <span className="grid justify-items-start gap-0.5">
      <Status tone={tones[state]}>{state}</Status>
      {(state === 'disabled' || state === 'paused') && <span className="text-sm text-ink-2">{disabledReason}</span>}
      {state === 'failing' && failingSince && (
        <span className="text-sm text-ink-2">
          for <RelativeTime at={failingSince} bare />
        </span>
      )}
    </span>
  )
}

function why(verdict: Verdict): string | undefined {
  return verdict.allowed ? undefined : verdict.reason
}
