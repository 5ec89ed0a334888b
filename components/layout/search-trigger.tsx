'use client'
import { Search } from 'lucide-react'
import type { ReactNode } from 'react'
import { useOpenPalette } from '#components/layout/palette-context'
import { KeyHint } from '#components/ui/key-hint'

/** Looks like the field it opens; the palette does the searching. */
export function SearchTrigger(): ReactNode {
  const open = useOpenPalette()
  if (!open) return null
  return (
    <button
      type="button"
      onClick={open}
      className="hidden h-8 w-72 items-center gap-2 rounded-2 border bg-surface px-2.5 text-ink-3 transition-colors duration-(--quick) hover:border-line-strong lg:flex"
    >
      <Search aria-hidden size={14} />
      <span className="truncate">
        <span className="sr-only">Search: </span>Digest, tag, commit, JAR hash…
      </span>
      <KeyHint keys="/" className="ml-auto" />
    </button>
  )
}
