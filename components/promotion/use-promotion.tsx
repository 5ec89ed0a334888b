'use client'
import { useMutation, useQueryClient, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query'
import { apiSend, type Problem } from '#components/api'
import { tenantKey, tenantPath, useApi } from '#components/live'
import type { PromotionView } from '#lib/promotions/promotion'

/** One promotion, asked again as it changes. */
export function usePromotion(tenant: string, id: string): UseQueryResult<PromotionView, Problem> {
  return useApi<PromotionView>(tenantKey(tenant, 'promotion', id), tenantPath(tenant, 'promotions', id))
}

export type PromotionPost = 'approvals' | 'rejections' | 'cancellations' | 'retries' | 'requests'

/** An act on a promotion: the answer is shown at once, and everything of the tenant is asked again. */
export function usePromotionAct<Body extends object>(
  tenant: string,
  id: string,
  act: PromotionPost,
): UseMutationResult<PromotionView, Problem, Body> {
  const client = useQueryClient()
  return useMutation<PromotionView, Problem, Body>({
    mutationFn: (body) => apiSend<PromotionView>('POST', tenantPath(tenant, 'promotions', id, act), body),
    onSuccess: (view) => {
      client.setQueryData(tenantKey(tenant, 'promotion', view.id), view)
      void client.invalidateQueries({ queryKey: ['t', tenant] })
    },
  })
}
