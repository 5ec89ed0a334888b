import { SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import { EmptyState } from '#components/ui/empty-state'
import { LinkButton } from '#components/ui/link-button'
import { PageHeader } from '#components/ui/page-header'

export default function NotFound(): ReactNode {
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyState icon={SearchX} title="There is no such page that you can see" action={<LinkButton href="/">Go to the board</LinkButton>}>
        The address may be mistyped, or belong to a tenant that you are no member of.
      </EmptyState>
    </>
  )
}
