'use client'
import { lazy, Suspense, useEffect, useState, type ComponentType, type ReactNode } from 'react'

/**
 * A part that a page shows only after somebody asked for it: its code comes when it is first open, or before, once the page has
 * nothing else to do. It stays from then on, so that it can close as it opened.
 */
export function deferred<Props extends object>(load: () => Promise<ComponentType<Props>>, isOpen: (props: Props) => boolean = () => true) {
  let loading: Promise<{ default: ComponentType<Props> }> | undefined
  const once = () => (loading ??= load().then((Part) => ({ default: Part }), forget))
  // A line that broke is no reason to stay closed for ever.
  const forget = (error: unknown): never => {
    loading = undefined
    throw error
  }
  const Part = lazy(once) as unknown as ComponentType<Props>
  return function Deferred(props: Props): ReactNode {
    const isWanted = isOpen(props)
    const [wasWanted, setWasWanted] = useState(isWanted)
    if (isWanted && !wasWanted) setWasWanted(true)
    useEffect(() => whenIdle(() => void once().catch(() => {})), [])
    if (!wasWanted) return null
    return (
      <Suspense fallback={null}>
        <Part {...props} />
      </Suspense>
    )
  }
}

function whenIdle(work: () => void): () => void {
  if (typeof requestIdleCallback !== 'function') {
    const timer = setTimeout(work, 1000)
    return () => clearTimeout(timer)
  }
  const asked = requestIdleCallback(work, { timeout: 3000 })
  return () => cancelIdleCallback(asked)
}
