'use client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { tenantPath, useApi } from '#components/live'
import { verifyEntryProof, type ProofCheck, type ProofResult } from '#components/audit/verify-inclusion'
import { CopyButton } from '#components/ui/copy-button'
import { ProblemNotice } from '#components/ui/problem-notice'
import { SkeletonRows } from '#components/ui/skeleton'
import { Status, statusIcons } from '#components/ui/status'
import type { EntryProof, EntryView } from '#lib/audit/entry'

/** The proof that an entry is in the signed log, checked here in the browser and not taken from the server. */
export function EntryProofView({ tenant, entry }: { tenant: string; entry: EntryView }): ReactNode {
  // No topic in the key: a later checkpoint proves the same.
  const proof = useApi<EntryProof>(['audit-proof', tenant, entry.id], tenantPath(tenant, 'audit', 'entries', entry.id, 'proof'))
  const result = useQuery<ProofResult>({
    queryKey: ['audit-proof', tenant, entry.id, 'checked', proof.data?.checkpoint.size ?? 0],
    queryFn: () => verifyEntryProof(proof.data as EntryProof, entry.hash),
    enabled: proof.data !== undefined,
    retry: false,
  })
  if (proof.error) return <ProblemNotice problem={proof.error} title="The proof could not be fetched" />
  if (!proof.data || result.isPending) return <SkeletonRows rows={2} label="Checking the proof" />
  return (
    <section aria-label="Proof" className="grid gap-2.5">
      {result.data ? <Verdict result={result.data} size={proof.data.checkpoint.size} /> : <Untold />}
      <details>
        <summary className="text-sm text-ink-2">Canonical text and path</summary>
        <div className="mt-2 grid gap-3">
          <Text label="Canonical text, which was hashed" text={proof.data.content} />
          {result.data && (
            <ol aria-label="Inclusion path, lowest first" className="grid gap-0.5 font-mono text-xs break-all text-ink-2">
              <li>leaf {proof.data.leafHash}</li>
              {result.data.path.map(({ sibling, side }) => (
                <li key={sibling}>
                  {side === 'left' ? 'left' : 'right'} {sibling}
                </li>
              ))}
            </ol>
          )}
          <Text label="Checkpoint" text={proof.data.checkpoint.note} />
        </div>
      </details>
    </section>
  )
}

function Verdict({ result, size }: { result: ProofResult; size: number }): ReactNode {
  const isFalse = result.checks.some(({ isTrue }) => isTrue === false)
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2">
        <Status tone={isFalse ? 'bad' : 'ok'}>{isFalse ? 'proof does not hold' : 'proved'}</Status>
        <span className="text-ink-2">
          Checked in this browser against the checkpoint of {size.toLocaleString('en')} entries, over {result.path.length} hashes.
        </span>
      </p>
      <ul className="grid gap-0.5">
        {result.checks.map((check) => (
          <li key={check.says}>
            <Check check={check} />
          </li>
        ))}
      </ul>
    </>
  )
}

function Check({ check }: { check: ProofCheck }): ReactNode {
  if (check.isTrue === undefined) {
    return (
      <Status tone="off" plain>
        {check.says}: this browser cannot tell
      </Status>
    )
  }
  return (
    <span className="flex items-baseline gap-1.5 text-sm text-ink-2">
      <Status tone={check.isTrue ? 'ok' : 'bad'} plain>
        {check.isTrue ? 'yes' : 'no'}
      </Status>
      {check.says}
    </span>
  )
}

/** `crypto.subtle` is there only on https and localhost (Web Cryptography §5). */
function Untold(): ReactNode {
  return (
    <Status tone="off" icon={statusIcons.clock} plain>
      Not checked: browsers hash only on https and localhost. The offline verifier checks it from an export.
    </Status>
  )
}

function Text({ label, text }: { label: string; text: string }): ReactNode {
  return (
    <div>
      <p className="flex items-center gap-1 text-sm text-ink-3">
        {label}
        <CopyButton text={text} label={`Copy: ${label}`} />
      </p>
      <pre className="max-h-60 overflow-auto rounded-2 border bg-surface px-2.5 py-2 font-mono text-xs break-all whitespace-pre-wrap">{text}</pre>
    </div>
  )
}
