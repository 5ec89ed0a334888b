'use client'
import dynamic from 'next/dynamic'
import { useSyncExternalStore, type ReactNode } from 'react'

const Toaster = dynamic(async () => (await import('sonner')).Toaster, { ssr: false })
let isNeeded = false
const listeners = new Set<() => void>()

/** Words in a corner, for who is on another page than the work that they are about. */
export async function tell(words: string, description?: string): Promise<void> {
  isNeeded = true
  for (const listener of listeners) listener()
  const { toast } = await import('sonner')
  toast(words, description === undefined ? {} : { description })
}

/** Where they appear: nothing before the first. */
export function Toasts(): ReactNode {
  const isShown = useSyncExternalStore(
    listen,
    () => isNeeded,
    () => false,
  )
  if (!isShown) return null
  return (
    <Toaster
      position="bottom-right"
      toastOptions={{
        style: { background: 'var(--raised)', color: 'var(--ink)', borderColor: 'var(--line-strong)', boxShadow: 'var(--shadow)', font: 'inherit' },
      }}
    />
  )
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
