import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { CopyButton } from '#components/ui/copy-button'
import { DigestMark } from '#components/ui/digest-mark'

/** The first characters of a digest's hex: seven tell the images of an installation apart. */
export function shortDigest(digest: string, length = 7): string {
  return digest.replace(/^[a-z0-9+._-]+:/i, '').slice(0, length)
}

interface DigestProps {
  digest: string
  /** `full` writes all of it, broken where it must be. */
  form?: 'short' | 'full'
  isMarked?: boolean
  isCopied?: boolean
  className?: string
}

/** A digest as people know it: its face, its first characters, the whole on hover and on copy. */
export function Digest({ digest, form = 'short', isMarked = true, isCopied = false, className }: DigestProps): ReactNode {
  return (
    <span className={clsx('inline-flex min-w-0 items-center gap-1.5', className)}>
      {isMarked && <DigestMark digest={digest} />}
      <span title={digest} className={clsx('font-mono text-sm', form === 'full' && 'break-all')}>
        {form === 'full' ? digest : shortDigest(digest)}
      </span>
      {isCopied && <CopyButton text={digest} label="Copy the digest" />}
    </span>
  )
}
