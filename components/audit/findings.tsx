import type { ReactNode } from 'react'
import { Banner } from '#components/ui/banner'
import type { Finding } from '#lib/audit/finding'

const shown = 20

/** What a verification found, and where. Nothing else on the page matters as much. */
export function Findings({ findings, onShow }: { findings: readonly Finding[]; onShow: (entryId: string) => void }): ReactNode {
  if (findings.length === 0) return null
  return (
    <div className="mb-4">
      <Banner tone="bad" role="alert" title={`The log is not what was sealed: ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`}>
        <ul className="mt-1 grid gap-1">
          {findings.slice(0, shown).map((finding) => (
            <li key={`${finding.code}-${finding.seq}-${finding.entryId}`} className="flex flex-wrap items-baseline gap-x-2">
              <code className="font-mono text-sm text-bad">{finding.code}</code>
              <span className="text-sm tabular-nums">{finding.seq === null ? 'no place' : `place ${finding.seq}`}</span>
              <span className="text-ink">{finding.words}</span>
              {finding.entryId !== null && (
                <button type="button" className="text-sm text-accent hover:underline" onClick={() => onShow(finding.entryId ?? '')}>
                  Show the entry
                </button>
              )}
            </li>
          ))}
        </ul>
        {findings.length > shown && <p className="mt-1">And {findings.length - shown} more; the verifier prints all of them.</p>}
        <p className="mt-1.5">Keep the database and the anchors as they are, and run the offline verifier on an export.</p>
      </Banner>
    </div>
  )
}
