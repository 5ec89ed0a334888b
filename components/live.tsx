'use client'
import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { createContext, use, useEffect, useState, type ReactNode } from 'react'
import { apiGet, type Problem } from '#components/api'
import { listenLive, type LiveState, type LiveTopic } from '#components/live-source'

/** `['t', tenant, topic, …]` for what lives in a tenant, anything else for what does not. */
export type QueryKey = readonly [string, ...(string | number | boolean | null | undefined)[]]

type Query = Record<string, string | number | boolean | undefined>

interface UseApiOptions {
  query?: Query | undefined
  isEnabled?: boolean | undefined
  /** Keep the last answer while the next one comes: for filters and paging. */
  isKept?: boolean | undefined
  /** Ask again this often; only for what no topic tells. */
  everyMs?: number | undefined
}

/**
 * What `/api/v1{path}` answers, kept under `key` (and the query) and asked again when a live change names its topic.
 * `dataUpdatedAt` is for `<UpdatedMark>`.
 */
export function useApi<T>(key: QueryKey, path: string, options: UseApiOptions = {}): UseQueryResult<T, Problem> {
  const { query, isEnabled = true, isKept = false, everyMs } = options
  return useQuery<T, Problem>({
    queryKey: query ? [...key, query] : key,
    queryFn: ({ signal }) => apiGet<T>(path, query, signal),
    enabled: isEnabled,
    ...(isKept ? { placeholderData: keepPreviousData } : {}),
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  })
}

/** The key of what lives in a tenant: topic first, then whatever tells it apart. */
export function tenantKey(tenant: string, topic: LiveTopic, ...rest: (string | number | boolean | null | undefined)[]): QueryKey {
  return ['t', tenant, topic, ...rest]
}

/** The address under the API of something in a tenant, every segment escaped: `tenantPath('acme', 'releases', 'orders/1')`. */
export function tenantPath(tenant: string, ...segments: string[]): string {
  return ['/tenants', tenant, ...segments].map((segment, index) => (index === 0 ? segment : encodeURIComponent(segment))).join('/')
}

/** Asks again for what changed in the tenant, as it changes; everything of the tenant after a gap. */
export function useLiveEvents(tenant: string): LiveState {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  useEffect(
    () =>
      listenLive(tenant, {
        onChange: (topic) => void client.invalidateQueries({ queryKey: ['t', tenant, topic] }),
        onReset: () => void client.invalidateQueries({ queryKey: ['t', tenant] }),
        onState: setState,
      }),
    [client, tenant],
  )
  return state
}

const LiveContext = createContext<LiveState>('connecting')

/** One stream for a whole page, whose state its marks show. */
export function LiveProvider({ tenant, children }: { tenant: string; children: ReactNode }): ReactNode {
  return <LiveContext value={useLiveEvents(tenant)}>{children}</LiveContext>
}

/** Whether what is shown is told at once or may be old. */
export function useLiveState(): LiveState {
  return use(LiveContext)
}
