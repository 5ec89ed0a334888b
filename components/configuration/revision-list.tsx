'use client'
import { CirclePlay } from 'lucide-react'
import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { RelativeTime } from '#components/ui/relative-time'
import { Digest } from '#components/ui/digest'
import { Section } from '#components/ui/section'
import { Status } from '#components/ui/status'
import type { RevisionView } from '#lib/configuration/revision'

interface RevisionListProps {
  revisions: readonly RevisionView[]
  shown: number
  /** The revision that is promised to run; undefined where nothing is deployed. */
  running: number | undefined
  onShow: (number: number) => void
}

/** Every revision, newest first; one is in the editor. */
export function RevisionList({ revisions, shown, running, onShow }: RevisionListProps): ReactNode {
  return (
    <Section title="Revisions" aside={revisions.length === 1 ? undefined : 'newest first'}>
      <ol className="max-h-120 overflow-y-auto rounded-3 border bg-surface">
        {revisions.map(({ number, hash, createdAt, createdBy, note }) => (
          <li key={number} className="border-b last:border-b-0">
            <button
              type="button"
              aria-current={number === shown ? 'true' : undefined}
              onClick={() => onShow(number)}
              className={clsx(
                'grid w-full gap-0.5 px-3.5 py-2.5 text-left focus-visible:-outline-offset-2',
                number === shown ? 'bg-accent-soft' : 'hover:bg-sunken',
              )}
            >
              <span className="flex items-center justify-between gap-2">
                <span className="font-mono font-[550]">r{number}</span>
                {number === running && (
                  <Status tone="off" icon={CirclePlay}>
                    runs
                  </Status>
                )}
                <Digest digest={hash} className="ml-auto" />
              </span>
              <span className="text-sm text-ink-3">
                {createdAt && createdBy ? (
                  <>
                    saved by {createdBy.name}, <RelativeTime at={createdAt} />
                  </>
                ) : number === 0 ? (
                  'the built-in defaults: nothing was ever saved before'
                ) : (
                  'made by the defaults'
                )}
                {note && createdAt && `, ${note}`}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </Section>
  )
}
