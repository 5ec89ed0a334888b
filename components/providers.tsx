'use client'
import { Tooltip } from '@base-ui/react/tooltip'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { useState, type ReactNode } from 'react'
import { Toaster } from 'sonner'
import { Problem } from '#components/api'

/** What every page needs around it: the query cache, filters in addresses, tooltips, toasts of background work. */
export function Providers({ children }: { children: ReactNode }): ReactNode {
  const [client] = useState(() => new QueryClient({ defaultOptions: { queries: { staleTime: 15_000, retry: mayRetry } } }))
  return (
    <QueryClientProvider client={client}>
      <NuqsAdapter>
        <Tooltip.Provider delay={350}>{children}</Tooltip.Provider>
      </NuqsAdapter>
      <Toaster
        position="bottom-right"
        toastOptions={{
          style: { background: 'var(--raised)', color: 'var(--ink)', borderColor: 'var(--line-strong)', boxShadow: 'var(--shadow)', font: 'inherit' },
        }}
      />
    </QueryClientProvider>
  )
}

/** A refusal stays one however often it is asked again; only silence and a fault of the server may pass. */
function mayRetry(failures: number, error: unknown): boolean {
  return failures < 2 && error instanceof Problem && (error.status === 0 || error.status >= 500)
}
