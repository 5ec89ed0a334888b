import type { ReactNode } from 'react'
import { FactList } from '#components/release/fact-list'
import { spanWords } from '#components/ui/relative-time'
import type { ComponentSpec, TaskProbe } from '#lib/tenants/component-spec'

/** How a component is started and when it counts as ready. */
export function SpecView({ spec }: { spec: ComponentSpec }): ReactNode {
  return (
    <FactList
      facts={[
        ['Ready when', readyWords(spec.readiness)],
        ['Asked', askedWords(spec.readiness)],
        ['Tries a task', spec.task === undefined ? null : taskWords(spec.task)],
        ['Arguments', spec.arguments.length === 0 ? null : <Mono>{spec.arguments.join(' ')}</Mono>],
        ['Variables', Object.keys(spec.environment).length === 0 ? null : <Pairs of={spec.environment} />],
        ['Port', `${spec.containerPort} in a container; a process gets a free one`],
        ['Memory', `${spec.memoryMiB} MiB; the heap of a process gets 70 % of it at most`],
        ['Stops within', spanWords(spec.stopTimeoutMs)],
        ['Needs keys', spec.requiredKeys.length === 0 ? null : <Mono>{spec.requiredKeys.join(', ')}</Mono>],
        ['State label', spec.stateLabel],
        ['Migrates state', spec.stateMigration === undefined ? null : spec.stateMigration === 'none' ? 'no' : 'when it starts'],
        ['Needs secrets', secretWords(spec.requiredSecrets)],
        ['Upgrades from', spec.upgradesFrom === undefined ? null : <Mono>{spec.upgradesFrom.join(', ')}</Mono>],
        ['Is reached', spec.exposure === undefined ? null : spec.exposure === 'public' ? 'from outside too' : 'through the gateway alone'],
      ]}
    />
  )
}

function secretWords(names: string[] | undefined): ReactNode {
  if (names === undefined) return null
  return names.length === 0 ? 'none' : <Mono>{names.join(', ')}</Mono>
}

function readyWords(readiness: ComponentSpec['readiness']): ReactNode {
  if (readiness.kind === 'tcp') return 'its port takes a connection'
  return (
    <>
      <Mono>GET {readiness.path}</Mono> answers well
    </>
  )
}

function askedWords({ intervalMs, timeoutMs, retries, startPeriodMs }: ComponentSpec['readiness']): string {
  const seconds = (ms: number): string => `${ms / 1000} s`
  return `every ${seconds(intervalMs)}, waits ${seconds(timeoutMs)}, ${retries} failures in a row count, ${seconds(startPeriodMs)} to start`
}

function taskWords({ path, startsWithinMs, endsWithinMs }: TaskProbe): ReactNode {
  return (
    <>
      <Mono>POST {path}</Mono>, started within {spanWords(startsWithinMs)}, ended within {spanWords(endsWithinMs)}
    </>
  )
}

function Mono({ children }: { children: ReactNode }): ReactNode {
  return <span className="font-mono text-sm break-all">{children}</span>
}

function Pairs({ of }: { of: Record<string, string> }): ReactNode {
  return (
    <ul className="grid gap-0.5">
      {Object.entries(of).map(([key, value]) => (
        <li key={key}>
          <Mono>
            {key}={value}
          </Mono>
        </li>
      ))}
    </ul>
  )
}
