'use client'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { CopyLine } from '#components/ui/copy-line'
import { PageHeader } from '#components/ui/page-header'
import { guides, type Guide } from '#lib/kits/guides'

/** One of the five guides that a hand-off leads to. */
export function GuidePage({ tenant, guide }: { tenant: string; guide: Guide }): ReactNode {
  const base = `/t/${encodeURIComponent(tenant)}/kits`
  return (
    <>
      <PageHeader
        title={guide.title}
        trail={
          <Link href={base} className="hover:text-ink">
            Install kits
          </Link>
        }
      />
      <div className="grid max-w-prose gap-4">
        {guide.paragraphs.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        <div className="grid gap-2">
          {guide.commands.map((command) => (
            <CopyLine key={command} line={command} />
          ))}
        </div>
        <nav aria-label="Other guides" className="flex flex-wrap gap-x-4 gap-y-1">
          {guides
            .filter(({ id }) => id !== guide.id)
            .map(({ id, title }) => (
              <Link key={id} href={`${base}/guides/${id}`} className="py-1 font-[550] text-accent hover:underline">
                {title}
              </Link>
            ))}
        </nav>
      </div>
    </>
  )
}
