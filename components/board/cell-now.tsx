'use client'
import { ExternalLink, Play, RotateCw, Scaling, Square, Wrench } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { ReadyChip } from '#components/board/cell-words'
import { ForActors } from '#components/layout/reader'
import type { SheetAsk } from '#components/sheet/use-sheet'
import { Button } from '#components/ui/button'
import { CopyButton } from '#components/ui/copy-button'
import { Digest } from '#components/ui/digest'
import { Menu, MenuItem } from '#components/ui/menu'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { Status, type StatusTone } from '#components/ui/status'
import type { CellView } from '#lib/promotions/cell'

interface CellNowProps {
  tenant: string
  cell: CellView
  openSheet: (ask: SheetAsk) => void
}

/** What runs now: release, digest, address, replicas, and the menu that operates it. */
export function CellNow({ tenant, cell, openSheet }: CellNowProps): ReactNode {
  const { now, application, environment, replicas } = cell
  const { running } = now
  if (!running) {
    return (
      <Section title="Now">
        <p className="text-ink-3">Nothing was ever deployed here.</p>
      </Section>
    )
  }
  const releaseHref = `/t/${tenant}/releases/${application.slug}/${running.release}`
  return (
    <Section title="Now" aside={<ReadyChip running={running} isWordShown />}>
      <div className="grid gap-2">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Link href={releaseHref} className="font-mono font-[600] hover:underline">
            {running.release}
          </Link>
          <Digest digest={running.digest} isCopied />
          <ForActors>
            <OperateMenu cell={cell} openSheet={openSheet} />
          </ForActors>
        </div>
        <p className="text-ink-3">
          deployed <RelativeTime at={running.deployedAt} />, config r{running.configRevision}
          {now.pendingConfigRevision !== null && <span className="text-wait">, r{now.pendingConfigRevision} not applied</span>}
          {running.reason && <span className="text-ink-2">, {running.reason.replaceAll('_', ' ')}</span>}
          {running.observedAt === null ? ', never observed' : null}
        </p>
        <Address address={cell.address} />
        <ul className="divide-y rounded-2 border">
          {replicas.map((replica) => (
            <ReplicaRow key={replica.id} tenant={tenant} application={application.slug} environment={environment.slug} replica={replica} />
          ))}
          {replicas.length === 0 && (
            <li className="px-3 py-2 text-ink-3">{running.isStopped ? 'Stopped: no replica runs.' : 'No replica was seen yet.'}</li>
          )}
        </ul>
      </div>
    </Section>
  )
}

function Address({ address }: { address: string }): ReactNode {
  if (address === '') return null
  return (
    <p className="flex min-w-0 items-center gap-1">
      <a
        href={address}
        target="_blank"
        rel="noreferrer"
        className="inline-flex min-w-0 items-center gap-1.5 truncate font-mono text-sm text-accent hover:underline"
      >
        {address}
        <ExternalLink aria-label="opens in a new tab" size={12} />
      </a>
      <CopyButton text={address} label="Copy the address" />
    </p>
  )
}

const tones: Record<string, StatusTone> = { ready: 'ok', starting: 'run', stopping: 'run', not_ready: 'bad', exited: 'bad' }

function ReplicaRow(props: { tenant: string; application: string; environment: string; replica: CellView['replicas'][number] }): ReactNode {
  const { tenant, application, environment, replica } = props
  const query = new URLSearchParams({ app: application, replica: replica.id })
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5 text-sm">
      <span className="min-w-0 truncate font-mono" title={replica.id}>
        {replica.component} <span className="text-ink-3">{replica.id.slice(-6)}</span>
      </span>
      <Status tone={tones[replica.state] ?? 'off'} plain title={replica.reason}>
        {replica.state.replaceAll('_', ' ')}
      </Status>
      {replica.reason && <span className="text-ink-3">{replica.reason.replaceAll('_', ' ')}</span>}
      <span className="ml-auto flex gap-3 text-ink-3">
        {replica.startedAt && (
          <span>
            up <RelativeTime at={replica.startedAt} bare />
          </span>
        )}
        <Link href={`/t/${tenant}/environments/${environment}?${query}`} className="font-[550] text-accent hover:underline">
          Logs
        </Link>
      </span>
    </li>
  )
}

/** Restart, scale, stop, start: each opens the sheet, which says what would happen. */
function OperateMenu({ cell, openSheet }: { cell: CellView; openSheet: (ask: SheetAsk) => void }): ReactNode {
  const { may, now } = cell
  const place = { application: cell.application.slug, environment: cell.environment.slug }
  const off = may.operate.allowed ? undefined : may.operate.reason
  const trigger = (
    <Button size="sm" icon={Wrench} className="ml-auto">
      Operate
    </Button>
  )
  if (now.running?.isStopped) {
    return (
      <Menu trigger={trigger} align="end">
        <MenuItem icon={Play} disabledReason={off} onSelect={() => openSheet({ ...place, kind: 'start' })}>
          Start
        </MenuItem>
      </Menu>
    )
  }
  return (
    <Menu trigger={trigger} align="end">
      <MenuItem icon={RotateCw} disabledReason={off} onSelect={() => openSheet({ ...place, kind: 'restart' })}>
        Restart
      </MenuItem>
      <MenuItem icon={Scaling} disabledReason={off} onSelect={() => openSheet({ ...place, kind: 'scale' })}>
        Scale
      </MenuItem>
      <MenuItem icon={Square} isDanger disabledReason={off} onSelect={() => openSheet({ ...place, kind: 'stop' })}>
        Stop
      </MenuItem>
    </Menu>
  )
}
