'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { apiSend, type Problem } from '#components/api'
import { tenantPath } from '#components/live'
import type { PromotionView, RequestPromotionInput } from '#lib/promotions/promotion'
import { bringsRelease } from '#lib/promotions/promotion-kind'
import type { SheetView } from '#lib/promotions/sheet'

export interface SheetRequest {
  reason: string
  setReason: (reason: string) => void
  typedName: string
  setTypedName: (name: string) => void
  isReplacing: boolean
  setReplacing: (isReplacing: boolean) => void
  /** Why the button is off; undefined when it may be pressed. */
  offReason: string | undefined
  send: () => void
  isBusy: boolean
  problem: Problem | null
}

/** What the person adds to a sheet, and the request itself. An accepted one leads to the page of its promotion. */
export function useRequest({ tenant, sheet }: { tenant: string; sheet: SheetView | undefined }): SheetRequest {
  const router = useRouter()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [typedName, setTypedName] = useState('')
  const [replaced, setReplaced] = useState<string | null>(null)
  const waiting = sheet?.supersedes ?? null
  const isReplacing = waiting !== null && replaced === waiting.promotionId
  const post = useMutation<PromotionView, Problem, RequestPromotionInput>({
    mutationFn: (body) => apiSend<PromotionView>('POST', tenantPath(tenant, 'promotions'), body),
    // In place of the sheet in the history: the way back leads to the page under it.
    onSuccess: ({ id }) => router.replace(`/t/${tenant}/promotions/${id}`),
    onSettled: () => client.invalidateQueries({ queryKey: ['t', tenant, 'board'] }),
  })
  return {
    reason,
    setReason,
    typedName,
    setTypedName,
    isReplacing,
    setReplacing: (next) => setReplaced(next && waiting ? waiting.promotionId : null),
    offReason:
      sheet &&
      (offReason(sheet, isReplacing, typedName) ?? (sheet.kind === 'rollback' && reason.trim() === '' ? 'Write the reason first.' : undefined)),
    send: () => sheet && post.mutate(bodyOf(sheet, reason, isReplacing)),
    isBusy: post.isPending,
    problem: post.error,
  }
}

function offReason({ mayRequest, supersedes, asksForName, environment }: SheetView, isReplacing: boolean, typedName: string): string | undefined {
  if (!mayRequest.allowed) return [mayRequest.reason, mayRequest.fix].filter(Boolean).join(' ')
  if (supersedes && !isReplacing) return `Confirm first that it replaces ${supersedes.release}.`
  if (asksForName && typedName.trim() !== environment.slug) return `Type ${environment.slug} first.`
  return undefined
}

function bodyOf(sheet: SheetView, reason: string, isReplacing: boolean): RequestPromotionInput {
  return {
    application: sheet.application.slug,
    environment: sheet.environment.slug,
    kind: sheet.kind,
    release: bringsRelease(sheet.kind) ? sheet.release.name : undefined,
    replicas: sheet.kind === 'scale' ? sheet.replicas : undefined,
    reason: reason.trim(),
    supersede: isReplacing ? sheet.supersedes?.promotionId : undefined,
  }
}
