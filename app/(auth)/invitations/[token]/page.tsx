import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { currentPerson } from '#app/current-person'
import { Invitation } from '#components/auth/invitation'
import { AuthFrame } from '#components/layout/auth-frame'
import { LinkButton } from '#components/ui/link-button'
import { roleName } from '#lib/access/permissions'
import { getInvitation } from '#lib/access/queries/get-invitation'
import type { InvitationPreview, InvitationState } from '#lib/access/invitation'
import { createContext } from '#lib/platform/context'
import { newId } from '#lib/platform/id'
import { isRefusal } from '#lib/platform/refusal'

export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer' }

const closed: Record<Exclude<InvitationState, 'open'>, string> = {
  accepted: 'This invitation was used already.',
  revoked: 'This invitation was withdrawn.',
  expired: 'This invitation ran out.',
}

export default async function InvitationPage({ params }: { params: Promise<{ token: string }> }): Promise<ReactNode> {
  const { token } = await params
  const invitation = await find(token)
  if (!invitation) {
    return <Closed title="There is no such invitation">Copy the whole link, or ask for a new one.</Closed>
  }
  if (invitation.state !== 'open') {
    return <Closed title={`Join ${invitation.tenant.name}`}>{closed[invitation.state]} Ask an admin of the tenant for a new one.</Closed>
  }
  const me = await currentPerson()
  return (
    <AuthFrame title={`Join ${invitation.tenant.name}`} lead={`You are invited as ${invitation.roles.map(roleName).join(', ')}.`}>
      <Invitation token={token} invitation={invitation} signedInAs={me?.email} />
    </AuthFrame>
  )
}

function Closed({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <AuthFrame title={title}>
      <p className="text-ink-2">{children}</p>
      <LinkButton href="/sign-in">Sign in</LinkButton>
    </AuthFrame>
  )
}

async function find(token: string): Promise<InvitationPreview | null> {
  try {
    return await getInvitation(createContext({ actor: { kind: 'anonymous' }, requestId: newId() }), { token })
  } catch (error) {
    if (isRefusal(error)) return null
    throw error
  }
}
