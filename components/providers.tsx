'use client'
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { useState, type ReactNode } from 'react'
import { Problem } from '#components/api'
import { Toasts } from '#components/ui/toasts'

/** What every page needs around it: the query cache, filters in addresses, toasts of background work. */
export function Providers({ children }: { children: ReactNode }): ReactNode {
  const [client] = useState(newQueryClient)
  return (
    <QueryClientProvider client={client}>
      <NuqsAdapter>{children}</NuqsAdapter>
      <Toasts />
    </QueryClientProvider>
  )
}

function newQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: signInAgain }),
    defaultOptions: { queries: { staleTime: 15_000, retry: mayRetry, refetchInterval: untilItPasses } },
  })
}

/** A session that ended while the page was open: sign in, and come back to it. */
function signInAgain(error: unknown): void {
  if (!(error instanceof Problem) || error.status !== 401 || location.pathname === '/sign-in') return
  location.assign(`/sign-in?${new URLSearchParams({ next: `${location.pathname}${location.search}` })}`)
}

/** What shows a fault looks again by itself: nobody has to press anything once the server is back. */
function untilItPasses({ state: { error } }: { state: { error: unknown } }): number | false {
  return error instanceof Problem && error.isFault ? 10_000 : false
}

/**
 * A refusal stays one however often it is asked again; only silence and a fault of the server may pass. One exception: what
 * was under way while the password was typed again carried the session that this ended, and has another one by now.
 */
function mayRetry(failures: number, error: unknown): boolean {
  if (!(error instanceof Problem)) return false
  return error.status === 401 ? failures < 1 : failures < 2 && error.isFault
}
