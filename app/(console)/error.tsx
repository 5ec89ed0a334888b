'use client'
import { Bug } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '#components/ui/button'
import { EmptyState } from '#components/ui/empty-state'

export default function PageFault({ error, reset }: { error: Error & { digest?: string }; reset: () => void }): ReactNode {
  return (
    <EmptyState icon={Bug} title="This page broke" action={<Button onClick={reset}>Try again</Button>}>
      Nothing was changed by it.
      {error.digest && (
        <>
          {' '}
          The log of the server knows it as <code className="font-mono">{error.digest}</code>.
        </>
      )}
    </EmptyState>
  )
}
