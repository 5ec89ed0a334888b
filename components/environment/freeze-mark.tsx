import { Clock, Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import { RelativeTime } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import type { FreezeView } from '#lib/promotions/freeze'

/** Whether something may come into an environment now, as far as freezes go; undefined freezes are not loaded yet. */
export function FreezeMark({ freezes, environment }: { freezes: readonly FreezeView[] | undefined; environment: string }): ReactNode {
  if (!freezes) return <span className="text-ink-3">loading</span>
  const here = freezesOf(freezes, environment)
  const closed = here.find(({ state, application }) => state === 'closed' && application === null)
  if (closed) {
    return (
      <Status tone="bad" icon={Lock} title={closed.reason}>
        {closed.kind === 'stop_the_line' ? 'line stopped' : 'closed'}
        {closed.endsAt && (
          <>
            , opens <RelativeTime at={closed.endsAt} />
          </>
        )}
      </Status>
    )
  }
  const some = here.filter(({ state }) => state === 'closed')
  if (some.length > 0) {
    return (
      <Status tone="wait" icon={Lock} title={some.map(({ reason }) => reason).join('; ')}>
        closed for {some.map(({ application }) => application?.slug).join(', ')}
      </Status>
    )
  }
  const planned = here.findLast(({ state }) => state === 'planned')
  if (!planned) return <Status tone="ok">open</Status>
  return (
    <Status tone="wait" icon={Clock} title={planned.reason}>
      closes <RelativeTime at={planned.startsAt} />
    </Status>
  )
}

/** Those of this environment and of all. */
function freezesOf(freezes: readonly FreezeView[], environment: string, application?: string): FreezeView[] {
  return freezes.filter(
    (freeze) =>
      (freeze.environment === null || freeze.environment.slug === environment) &&
      (application === undefined || freeze.application === null || freeze.application.slug === application),
  )
}
