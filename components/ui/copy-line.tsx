import { clsx } from 'clsx'
import { Fragment, type ReactNode } from 'react'
import { CopyButton } from '#components/ui/copy-button'

/** The line that does the same from a shell. Every page has one. */
export function CopyLine({ line, className }: { line: string; className?: string | undefined }): ReactNode {
  return (
    <span className={clsx('inline-flex max-w-full min-w-0 items-center gap-1 font-mono text-sm text-ink-2', className)}>
      <code className="min-w-0 break-words">
        <span aria-hidden className="text-ink-3 select-none">
          ${' '}
        </span>
        {line.split(' ').map((word, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- the words of one line never move
          <Fragment key={index}>
            {index > 0 && ' '}
            <span className="inline-block max-w-full break-all">{word}</span>
          </Fragment>
        ))}
      </code>
      <CopyButton text={line} label="Copy the command" />
    </span>
  )
}
