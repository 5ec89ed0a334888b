'use client'
import type { ReactNode } from 'react'
import { Banner } from '#components/ui/banner'
import { CopyButton } from '#components/ui/copy-button'

interface SecretOnceProps {
  title: string
  secret: string
  copyLabel: string
  /** How long it is good for, and for whom. */
  children: ReactNode
}

/** A secret that is in this answer and nowhere else. */
export function SecretOnce({ title, secret, copyLabel, children }: SecretOnceProps): ReactNode {
  return (
    <Banner tone="ok" role="status" title={title}>
      <div className="mt-1.5 flex items-center gap-1 rounded-2 border border-line-strong bg-surface py-1 pr-1 pl-2.5">
        <code className="min-w-0 flex-1 font-mono text-sm break-all text-ink select-all">{secret}</code>
        <CopyButton text={secret} label={copyLabel} />
      </div>
      <p className="mt-1.5">{children}</p>
    </Banner>
  )
}
