'use client'
import type { UseQueryResult } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { Problem } from '#components/api'
import { GateList } from '#components/gates/gate-list'
import { ForActors } from '#components/layout/reader'
import { RequestProblem } from '#components/sheet/request-problem'
import { SheetAsking } from '#components/sheet/sheet-asking'
import { SheetEnds } from '#components/sheet/sheet-ends'
import { SheetLanes } from '#components/sheet/sheet-lanes'
import { SupersedeNotice } from '#components/sheet/supersede-notice'
import type { SheetRequest } from '#components/sheet/use-request'
import { WhatRuns } from '#components/sheet/what-runs'
import { Banner } from '#components/ui/banner'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'
import { LinkButton } from '#components/ui/link-button'
import { ProblemNotice } from '#components/ui/problem-notice'
import { RelativeTime } from '#components/ui/relative-time'
import { SkeletonRows } from '#components/ui/skeleton'
import { Sentence } from '#components/ui/sentence'
import type { CellView } from '#lib/promotions/cell'
import type { SheetView } from '#lib/promotions/sheet'

interface SheetContentProps {
  tenant: string
  cell: UseQueryResult<CellView, Problem>
  sheet: UseQueryResult<SheetView, Problem>
  request: SheetRequest
  /** The one that the sheet is about, and what else may be chosen; empty where the kind keeps what runs. */
  release: string | undefined
  releases: readonly string[]
  isNothingNext: boolean
  /** Of scale: the number asked for. */
  replicas: number | undefined
  onChoose: (choice: { release?: string; replicas?: number }) => void
}

/** The sheet between its head and its foot: ends, gates on the left, lanes on the right; one column on a narrow screen. */
export function SheetContent(props: SheetContentProps): ReactNode {
  const { tenant, cell, sheet, request, isNothingNext } = props
  const error = sheet.error ?? (sheet.data ? null : cell.error)
  if (error) {
    const retry = (
      <Button size="sm" onClick={() => void (sheet.error ? sheet.refetch() : cell.refetch())}>
        Look again
      </Button>
    )
    return (
      <div className="grid gap-4 p-5">
        <SheetAsking {...props} />
        <ProblemNotice problem={error} action={retry} />
      </div>
    )
  }
  if (isNothingNext && cell.data) return <NothingNext tenant={tenant} cell={cell.data} />
  if (!sheet.data) {
    return (
      <div className="p-5">
        <SkeletonRows rows={5} label="Working out the plan" />
      </div>
    )
  }
  return (
    <div aria-busy={sheet.isPlaceholderData} className={sheet.isPlaceholderData ? 'opacity-60' : undefined}>
      <SheetEnds sheet={sheet.data} />
      <div className="grid md:grid-cols-[minmax(280px,388px)_minmax(0,1fr)]">
        <section aria-label="Gates" className="min-w-0 border-b px-4 py-4 md:border-r md:border-b-0">
          <GateList gates={sheet.data.gates} />
          <MayNot sheet={sheet.data} />
        </section>
        <div className="grid content-start gap-4 px-5 py-4">
          {request.problem && <RequestProblem tenant={tenant} problem={request.problem} />}
          <PlanMoved digest={sheet.data.planDigest} subject={`${sheet.data.kind} ${sheet.data.release.name} ${sheet.data.replicas}`} />
          {sheet.data.supersedes && <SupersedeNotice tenant={tenant} sheet={sheet.data} request={request} />}
          <WindowNote sheet={sheet.data} />
          <SheetLanes lanes={sheet.data.lanes} />
          <WhatRuns sheet={sheet.data} />
          <ForActors>
            <SheetAsking {...props} />
          </ForActors>
        </div>
      </div>
    </div>
  )
}

function NothingNext({ tenant, cell }: { tenant: string; cell: CellView }): ReactNode {
  const { application, environment, now } = cell
  const isEntry = environment.upstream.length === 0
  return (
    <div className="p-5">
      <EmptyState
        title={
          now.running ? `Nothing newer than ${now.running.release} can come to ${environment.slug}` : `Nothing can come to ${environment.slug} yet`
        }
        action={
          isEntry ? (
            <LinkButton href={`/t/${tenant}/releases/new?app=${application.slug}`} tone="primary">
              Upload a JAR
            </LinkButton>
          ) : undefined
        }
      >
        {isEntry
          ? `Every release of ${application.name} comes in here first. Seal one from a JAR.`
          : `A release comes here once it completed in ${environment.upstream.join(' or ')}.`}
      </EmptyState>
    </div>
  )
}

/** Why it cannot be asked for, where that is none of the gates above: a role, a release that runs there already. */
function MayNot({ sheet: { mayRequest, gates } }: { sheet: SheetView }): ReactNode {
  if (mayRequest.allowed || mayRequest.code === 'gates_blocked' || gates.some(({ reason }) => reason === mayRequest.reason)) return null
  return (
    <div className="mt-3">
      <Banner tone="wait" title={<Sentence words={mayRequest.reason} />}>
        {mayRequest.fix && <Sentence words={mayRequest.fix} />}
      </Banner>
    </div>
  )
}

/** When the place opens, or closes next; nothing where no window is known. */
function WindowNote({ sheet: { opensAt, closesAt, environment } }: { sheet: SheetView }): ReactNode {
  if (opensAt) {
    return (
      <p className="text-ink-2">
        {environment.slug} is closed and opens <RelativeTime at={opensAt} />.
      </p>
    )
  }
  if (!closesAt) return null
  return (
    <p className="text-ink-2">
      {environment.slug} is open and closes <RelativeTime at={closesAt} />.
    </p>
  )
}

/** Says so when the plan of the same request changes under the eyes of its reader. */
function PlanMoved({ digest, subject }: { digest: string; subject: string }): ReactNode {
  const [seen, setSeen] = useState({ digest, subject })
  if (seen.subject !== subject) {
    setSeen({ digest, subject })
    return null
  }
  if (seen.digest === digest) return null
  return (
    <Banner
      tone="wait"
      role="status"
      title="The plan moved while you looked"
      action={
        <Button size="sm" onClick={() => setSeen({ digest, subject })}>
          Seen
        </Button>
      }
    >
      What stands here is the plan as it is now.
    </Banner>
  )
}
