import type { ReactNode } from 'react'
import { Status } from '#components/ui/status'
import { shortType } from '#lib/configuration/property-value'
import type { ConfigProperty } from '#lib/tenants/config-property'

/** What the JAR itself says about a key: its name, type, default, what it is for, and what replaced it. */
export function PropertyHelp({ property: { name, type, defaultValue, description, deprecation } }: { property: ConfigProperty }): ReactNode {
  return (
    <p className="flex flex-wrap items-baseline gap-x-2 text-sm text-ink-3">
      <code className="font-mono text-ink-2">{name}</code>
      {type !== '' && <span>{shortType(type)}</span>}
      {defaultValue !== '' && (
        <span>
          default <code className="font-mono">{defaultValue}</code>
        </span>
      )}
      {deprecation && (
        <Status tone={deprecation.level === 'error' ? 'bad' : 'wait'} plain>
          {deprecation.level === 'error' ? 'not read any more' : 'deprecated'}
          {deprecation.replacement !== '' && `, use ${deprecation.replacement}`}
        </Status>
      )}
      {description !== '' && <span className="min-w-0">{description}</span>}
    </p>
  )
}
