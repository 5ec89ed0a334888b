'use client'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { Button } from '#components/ui/button'

interface LogViewProps {
  /** What the lines are from. */
  label: string
  lines: readonly string[]
  /** Words while there are none: why. */
  empty?: string
}

/** Lines as they are written. It follows the end until somebody scrolls up, and then offers to follow again. */
export function LogView({ label, lines, empty = 'Nothing was written yet.' }: LogViewProps): ReactNode {
  const ground = useRef<HTMLDivElement>(null)
  const [isFollowing, setFollowing] = useState(true)
  const count = lines.length
  useEffect(() => {
    if (isFollowing && count > 0) ground.current?.scrollTo({ top: ground.current.scrollHeight })
  }, [isFollowing, count])
  const notice = (): void => {
    const view = ground.current
    if (view) setFollowing(view.scrollHeight - view.scrollTop - view.clientHeight < 24)
  }
  return (
    <div className="relative">
      <div
        ref={ground}
        onScroll={notice}
        role="log"
        aria-label={label}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
        className="max-h-90 overflow-auto rounded-2 border bg-sunken px-3 py-2 font-mono text-sm"
      >
        {lines.length === 0 && <p className="font-text text-ink-3">{empty}</p>}
        {lines.map((line, index) => (
          <div key={index} className="break-all whitespace-pre-wrap">
            {line}
          </div>
        ))}
      </div>
      {!isFollowing && (
        <Button size="sm" className="absolute right-3 bottom-3" onClick={() => setFollowing(true)}>
          Follow the end
        </Button>
      )}
    </div>
  )
}
