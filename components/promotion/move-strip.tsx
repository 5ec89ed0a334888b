import { ArrowRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { shortDigest } from '#components/ui/digest'
import { DigestMark } from '#components/ui/digest-mark'

interface Side {
  /** '' where nothing runs. */
  release: string
  digest: string
  words: ReactNode
}

/** What runs → what will run, each by the face of its digest. */
export function MoveStrip({ from, to }: { from: Side | null; to: Side }): ReactNode {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 rounded-3 border bg-sunken px-4 py-3">
      <SideFace side={from} />
      <ArrowRight aria-label="becomes" size={22} className="shrink-0 text-accent max-sm:rotate-90" />
      <SideFace side={to} />
    </div>
  )
}

function SideFace({ side }: { side: Side | null }): ReactNode {
  if (!side) return <p className="min-w-0 flex-1 basis-44 text-ink-3">Nothing runs yet</p>
  return (
    <div className="flex min-w-0 flex-1 basis-44 items-center gap-3">
      {side.digest !== '' && <DigestMark digest={side.digest} size={28} />}
      <div className="min-w-0">
        <p className="font-mono font-[550] break-all">{side.release}</p>
        <p className="text-ink-2">
          {side.words} {side.digest !== '' && <code className="font-mono text-sm text-ink-3">{shortDigest(side.digest)}</code>}
        </p>
      </div>
    </div>
  )
}
