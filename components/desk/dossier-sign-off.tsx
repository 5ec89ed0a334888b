import type { ReactNode } from 'react'
import { signOffLook } from '#components/evidence/checklist-words'
import { exactWords } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import type { SignOffView } from '#lib/evidence/checklist-view'
import type { DossierChecklist } from '#lib/kits/dossier'

/** The signature over a checklist, whether it still counts, and those that it took the place of. */
export function DossierSignOff({ checklist: { signOff, earlierSignOffs } }: { checklist: DossierChecklist }): ReactNode {
  return (
    <div className="break-inside-avoid rounded-3 border bg-surface px-4 py-3">
      {signOff ? <Signed signOff={signOff} /> : <Status tone="off">not signed</Status>}
      {earlierSignOffs.length > 0 && (
        <>
          <h3 className="mt-3 mb-1 text-sm font-[600] text-ink-2">Signed before</h3>
          <ul className="grid gap-1.5 text-sm">
            {earlierSignOffs.map(({ id, signedBy, signedAt, meaning, checklistDigest }) => (
              <li key={id}>
                {signedBy.name}, {exactWords(signedAt)}: “{meaning}”
                <span className="block font-mono text-xs break-all text-ink-3">{checklistDigest}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

function Signed({ signOff }: { signOff: SignOffView }): ReactNode {
  const { state, reason, signedBy, signedAt, meaning, comment, checklistDigest, reference } = signOff
  const { tone, word } = signOffLook[state]
  return (
    <div className="grid gap-1">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <Status tone={tone}>{word}</Status>
        <span>
          Signed by {signedBy.name}, {exactWords(signedAt)}
        </span>
      </p>
      {reason !== '' && <p className="text-bad">{reason}</p>}
      <blockquote className="border-l-2 border-line-strong pl-3 text-ink-2">
        “{meaning}”{comment !== '' && <span className="block">{comment}</span>}
      </blockquote>
      <p className="font-mono text-xs break-all text-ink-3">
        content {checklistDigest}
        <br />
        signature {reference}
      </p>
    </div>
  )
}
