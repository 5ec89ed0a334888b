import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Status, statusIcons } from '#components/ui/status'
import type { EntryView } from '#lib/audit/entry'

/** How an act ended. What was refused stands out, by sign and word. */
export function OutcomeMark({ outcome }: { outcome: EntryView['outcome'] }): ReactNode {
  if (outcome === 'denied') {
    return (
      <Status tone="bad" icon={statusIcons.ban}>
        denied
      </Status>
    )
  }
  if (outcome === 'failed') {
    return (
      <Status tone="wait" icon={TriangleAlert}>
        failed
      </Status>
    )
  }
  return (
    <Status tone="ok" plain>
      done
    </Status>
  )
}
