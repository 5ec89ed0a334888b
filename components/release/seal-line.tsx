import { ArrowRight } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'
import { Bytes } from '#components/ui/bytes'
import { CopyButton } from '#components/ui/copy-button'
import { shortDigest } from '#components/ui/digest'
import { DigestMark } from '#components/ui/digest-mark'
import type { SealLine } from '#lib/releases/release'

interface Link {
  label: string
  digest: string
  /** Where there is no digest: why. */
  none: string
  detail: ReactNode
}

/** JAR sha256 → base digest → image digest: what went in, what it stands on, what came out. */
export function SealLineView({ seal }: { seal: SealLine }): ReactNode {
  const links: Link[] = [
    {
      label: 'JAR',
      digest: seal.artifactDigest,
      none: 'pushed as an image',
      detail: seal.artifactDigest ? (
        <>
          {seal.fileName}, <Bytes count={seal.artifactSizeBytes} />
        </>
      ) : (
        'no JAR was uploaded'
      ),
    },
    {
      label: 'Base',
      digest: seal.baseDigest,
      none: seal.artifactDigest ? 'none' : 'not known',
      detail: seal.baseReference || (seal.artifactDigest ? "the runtime's own Java runs it" : 'whoever pushed it knows'),
    },
    { label: 'Image', digest: seal.imageDigest, none: '', detail: madeBy(seal) },
  ]
  return (
    <div role="group" aria-label="Seal line" className="flex items-stretch gap-x-3 gap-y-2 rounded-3 border bg-surface px-4 py-3.5 max-sm:flex-col">
      {links.map((link, index) => (
        <Fragment key={link.label}>
          {index > 0 && <ArrowRight aria-hidden size={16} className="shrink-0 self-center text-ink-3 max-sm:rotate-90 max-sm:self-start" />}
          <SealLink {...link} />
        </Fragment>
      ))}
    </div>
  )
}

function SealLink({ label, digest, none, detail }: Link): ReactNode {
  return (
    <div className="min-w-0 flex-1">
      <p className="text-sm font-[550] text-ink-2">{label}</p>
      <div className="flex h-8 items-center gap-2">
        {digest ? (
          <>
            <DigestMark digest={digest} size={20} />
            <span title={digest} className="font-mono">
              {shortDigest(digest, 12)}
            </span>
            <CopyButton text={digest} label={`Copy the digest of the ${label === 'JAR' ? 'JAR' : label.toLowerCase()}`} />
          </>
        ) : (
          <span className="text-ink-3">{none}</span>
        )}
      </div>
      <p className="text-sm break-words text-ink-3">{detail}</p>
    </div>
  )
}

function madeBy({ artifactDigest, builderVersion, buildCount, buildMs }: SealLine): string {
  if (!artifactDigest) return 'as it was pushed'
  return `built ${buildCount === 1 ? 'once' : `${buildCount} times`} in ${(buildMs / 1000).toFixed(1)} s, builder ${builderVersion}`
}
