'use client'
import { clsx } from 'clsx'
import { Download, RotateCw } from 'lucide-react'
import { parseAsBoolean, parseAsString, useQueryStates } from 'nuqs'
import { useState, type ReactNode } from 'react'
import { keptLines, useLog } from '#components/environment/use-log'
import { tenantPath } from '#components/live'
import { Button } from '#components/ui/button'
import { buttonClass } from '#components/ui/button-class'
import { Checkbox } from '#components/ui/checkbox'
import { CopyLine } from '#components/ui/copy-line'
import { LogView } from '#components/ui/log-view'
import { ProblemNotice } from '#components/ui/problem-notice'
import { Select } from '#components/ui/select'
import { Status } from '#components/ui/status'
import type { DeploymentView } from '#lib/readiness/deployment'

/** What a replica of the deployment writes, live, and as a file. */
export function ReplicaLog({ tenant, deployment }: { tenant: string; deployment: DeploymentView }): ReactNode {
  const { application, environment, replicas } = deployment
  const [{ replica, follow }, choose] = useQueryStates({ replica: parseAsString, follow: parseAsBoolean.withDefault(true) })
  const [attempt, setAttempt] = useState(0)
  // A replica that ended stays in view for as long as it is asked for: its last words matter most.
  const id = replica ?? replicas[0]?.id ?? ''
  const path = tenantPath(tenant, 'environments', environment.slug, 'applications', application.slug, 'replicas', id, 'logs')
  const options = replicas.map((one) => ({ value: one.id, label: `${one.id} (${one.state.replaceAll('_', ' ')})` }))
  if (!replicas.some((one) => one.id === id)) options.push({ value: id, label: `${id} (gone)` })
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h3 className="text-sm font-[600] text-ink-2">Output</h3>
        <div className="min-w-0 flex-1 basis-48 sm:max-w-72">
          <Select label="Replica" isLabelHidden value={id} options={options} onChange={(value) => void choose({ replica: value })} />
        </div>
        <Checkbox label="Follow" checked={follow} onChange={(event) => void choose({ follow: event.target.checked })} />
        <a
          href={`/api/v1${path}`}
          download={`${application.slug}-${environment.slug}-${id}.log`}
          className={clsx(buttonClass('secondary', 'sm'), 'ml-auto')}
        >
          <Download aria-hidden size={13} />
          Download
        </a>
      </div>
      <Output key={`${path} ${follow} ${attempt}`} path={path} id={id} isFollowing={follow} onAgain={() => setAttempt(attempt + 1)} />
      <CopyLine line={`caisson logs ${application.slug} ${environment.slug} ${id} --tenant ${tenant}${follow ? ' --follow' : ''}`} />
    </div>
  )
}

const emptyWords = {
  opening: 'Opening the output.',
  following: 'This replica has written nothing yet.',
  ended: 'This replica has written nothing.',
  failed: 'Not loaded.',
}

interface OutputProps {
  path: string
  id: string
  isFollowing: boolean
  onAgain: () => void
}

function Output({ path, id, isFollowing, onAgain }: OutputProps): ReactNode {
  const { lines, phase, problem } = useLog(path, isFollowing)
  return (
    <>
      {problem && <ProblemNotice problem={problem} title="The output cannot be read" />}
      <LogView label={`Output of ${id}`} lines={lines} empty={emptyWords[phase]} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-3">
        {phase === 'following' && isFollowing && (
          <Status tone="run" plain>
            live
          </Status>
        )}
        {phase === 'ended' && isFollowing && 'The output has ended.'}
        <span>The last {keptLines.toLocaleString('en')} lines; all that is kept is in the download.</span>
        {(phase === 'ended' || phase === 'failed') && (
          <Button size="sm" tone="quiet" icon={RotateCw} onClick={onAgain}>
            Read again
          </Button>
        )}
      </div>
    </>
  )
}
