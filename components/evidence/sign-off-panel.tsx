'use client'
import { ShieldCheck } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { signOffLookOf } from '#components/evidence/checklist-words'
import { ExactText } from '#components/evidence/exact-text'
import { Button } from '#components/ui/button'
import { CopyButton } from '#components/ui/copy-button'
import { Digest } from '#components/ui/digest'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { Status, StatusIcon } from '#components/ui/status'
import type { ChecklistView, SignOffView } from '#lib/evidence/checklist-view'
import { proveSignOff, type SignOffProof } from '#lib/evidence/sign-off-proof'

/** Who signed what, with the text that was signed, and a proof that this browser makes by itself. */
export function SignOffPanel({ view }: { view: ChecklistView }): ReactNode {
  if (!view.signOff) return null
  return (
    <Section title="Sign-off" isBoxed>
      <Signed view={view} signOff={view.signOff} />
      <Proof view={view} signOff={view.signOff} />
      <details className="mt-3 text-sm">
        <summary className="cursor-pointer text-ink-2">The text that was signed</summary>
        <ExactText label="The text that was signed">{view.signOff.statement}</ExactText>
      </details>
    </Section>
  )
}

function Signed({ view, signOff }: { view: ChecklistView; signOff: SignOffView }): ReactNode {
  const { tone, word } = signOffLookOf(view)
  return (
    <div className="grid gap-1.5">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <Status tone={tone}>{word}</Status>
        <span>
          signed by {signOff.signedBy.name}, <RelativeTime at={signOff.signedAt} />
        </span>
        <span className="text-ink-3">
          password typed <RelativeTime at={signOff.authenticatedAt} />
        </span>
      </p>
      <blockquote className="border-l-2 border-line-strong pl-3 text-ink-2">
        {signOff.meaning}
        {signOff.comment && <span className="block text-ink-3">{signOff.comment}</span>}
      </blockquote>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-3">
        <span>
          content <Digest digest={signOff.checklistDigest} isMarked={false} isCopied />
        </span>
        <span className="font-mono break-all">{signOff.reference}</span>
      </p>
    </div>
  )
}

function Proof({ view, signOff }: { view: ChecklistView; signOff: SignOffView }): ReactNode {
  const [proof, setProof] = useState<SignOffProof | 'cannot' | null>(null)
  const prove = async (): Promise<void> => {
    try {
      const digests = view.release.components.map(({ digest }) => digest)
      setProof(await proveSignOff(signOff, { content: view.content, digests }, view.key, digestOfText))
    } catch {
      setProof('cannot')
    }
  }
  return (
    <div className="mt-3 grid gap-2" aria-live="polite">
      <div className="flex flex-wrap gap-2">
        <Button size="sm" icon={ShieldCheck} onClick={() => void prove()}>
          Verify it in this browser
        </Button>
        <CopyButton text={signOff.envelope} label="Copy the envelope" />
      </div>
      {proof === 'cannot' && <p className="text-ink-2">This browser has no Ed25519 to verify with. Use `caisson evidence verify`.</p>}
      {proof !== null && proof !== 'cannot' && (
        <ul className="grid gap-1">
          {proof.checks.map(({ words, isGood }) => (
            <li key={words} className="flex items-baseline gap-2">
              <StatusIcon tone={isGood ? 'ok' : 'bad'} />
              <span>
                {words} <span className="sr-only">{isGood ? 'Yes.' : 'No.'}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

async function digestOfText(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
