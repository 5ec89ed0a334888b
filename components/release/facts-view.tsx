import type { ReactNode } from 'react'
import { FactList } from '#components/release/fact-list'
import type { ReleaseView } from '#lib/releases/release'

/** What inspection found inside the JAR. */
export function FactsView({ facts }: { facts: ReleaseView['facts'] }): ReactNode {
  if (!facts) return <p className="text-ink-3">It was pushed as an image, so no JAR was inspected.</p>
  const { coordinates } = facts
  return (
    <div className="grid gap-3">
      <FactList
        facts={[
          ['Kind', facts.kind === 'spring-boot' ? 'Spring Boot JAR' : 'plain JAR'],
          ['Spring Boot', facts.springBootVersion],
          [
            'Main class',
            <span key="main" className="font-mono text-sm break-all">
              {facts.mainClass}
            </span>,
          ],
          ['Java', `${facts.javaLevel} or newer`],
          ['Files', facts.entries.toLocaleString('en')],
        ]}
      />
      {coordinates.length === 0 ? (
        <p className="text-ink-3">It names no Maven coordinates of what is inside.</p>
      ) : (
        <details>
          <summary className="text-ink-2 hover:text-ink">
            {coordinates.length === 1 ? '1 library inside' : `${coordinates.length} libraries inside`}
          </summary>
          <ul className="mt-2 max-h-72 columns-1 overflow-y-auto font-mono text-sm text-ink-2">
            {coordinates.map((coordinate) => (
              <li key={coordinate} className="break-all">
                {coordinate}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
