import type { ReactNode } from 'react'
import { Banner } from '#components/ui/banner'
import type { ConfigProblems } from '#lib/configuration/revision'

/** What the config gate would say of the newest revision; nothing where it would pass. */
export function ProblemList({ problems: { missing, unset, plaintext, unknown } }: { problems: ConfigProblems }): ReactNode {
  const lines = [
    ...missing.map((key) => ({ key, words: 'is required by the release and not set' })),
    ...unset.map((key) => ({ key, words: 'is a secret that a connection refers to, and has no value' })),
    ...plaintext.map(({ key, why }) => ({
      key,
      words: `looks like a secret in the open: ${why}. Set it as a secret, name that in a connection, and change it at its source.`,
    })),
    ...unknown.map(({ key, suggestion }) => ({
      key,
      words: `is unknown to the metadata of the release${suggestion === '' ? '' : `; ${suggestion} is near`}`,
    })),
  ]
  if (lines.length === 0) return null
  return (
    <Banner tone="bad" role="note" title={`The config gate would stop this: ${lines.length} ${lines.length === 1 ? 'thing' : 'things'} to mend`}>
      <ul className="grid gap-0.5">
        {lines.map(({ key, words }) => (
          <li key={`${key} ${words}`} className="min-w-0 break-words">
            <code className="font-mono">{key}</code> {words}
          </li>
        ))}
      </ul>
    </Banner>
  )
}
