import { z } from 'zod'
import type { RouteTable } from '#app/api/route-spec'
import { createTokenInput, oneToken } from '#lib/access/api-token'
import { acceptInvitationInput, createInvitationInput, invitationToken, oneInvitation } from '#lib/access/invitation'
import { changeMemberInput, joinTenantInput, oneMember } from '#lib/access/member'
import { changePasswordInput, oneSession, reauthenticateInput, signInInput } from '#lib/access/session'

const nothing = z.strictObject({})

export const peopleRoutes = {
  'GET /api/v1/me': { permission: 'signed_in', summary: 'Who you are, and the tenants that you can enter', input: nothing, status: 200 },
  'PUT /api/v1/me/password': {
    permission: 'signed_in',
    summary: 'Change your password; your other sessions end',
    input: changePasswordInput,
    status: 200,
  },
  'POST /api/v1/sessions': { permission: 'public', summary: 'Sign in from a command line; answers a bearer token', input: signInInput, status: 201 },
  'GET /api/v1/sessions': { permission: 'signed_in', summary: 'Your own live sessions', input: nothing, status: 200 },
  'DELETE /api/v1/sessions/{session}': {
    permission: 'signed_in',
    summary: 'End one of your sessions; `current` is the one that asks',
    input: oneSession,
    status: 204,
  },
  'POST /api/v1/sessions/current/authentications': {
    permission: 'signed_in',
    summary: 'Type your password again, for acts that ask for it',
    input: reauthenticateInput,
    status: 201,
  },
  'GET /api/v1/invitations/{token}': { permission: 'public', summary: 'What an invitation link is for', input: invitationToken, status: 200 },
  'POST /api/v1/invitations/{token}/acceptances': {
    permission: 'public',
    summary: 'Accept an invitation: signed in, or as somebody new with a name and a password',
    input: acceptInvitationInput,
    status: 201,
  },
  'GET /api/v1/tenants/{tenant}/invitations': { permission: 'settings.read', summary: 'Invitations, newest first', input: nothing, status: 200 },
  'POST /api/v1/tenants/{tenant}/invitations': {
    permission: 'member.manage',
    summary: 'Invite somebody; the link is shown once',
    input: createInvitationInput,
    status: 201,
  },
  'DELETE /api/v1/tenants/{tenant}/invitations/{invitation}': {
    permission: 'member.manage',
    summary: 'Revoke an open invitation',
    input: oneInvitation,
    status: 204,
  },
  'GET /api/v1/tenants/{tenant}/members': { permission: 'tenant.read', summary: 'Members with their roles', input: nothing, status: 200 },
  'PATCH /api/v1/tenants/{tenant}/members/{member}': {
    permission: 'member.manage',
    summary: 'Change the roles of a member and the environments they are limited to',
    input: changeMemberInput,
    status: 200,
  },
  'DELETE /api/v1/tenants/{tenant}/members/{member}': {
    permission: 'member.manage',
    summary: 'Remove a member; their access ends at once',
    input: oneMember,
    status: 204,
  },
  'GET /api/v1/tenants/{tenant}/tokens': { permission: 'settings.read', summary: 'API tokens, newest first', input: nothing, status: 200 },
  'POST /api/v1/tenants/{tenant}/tokens': {
    permission: 'token.manage',
    summary: 'Create an API token; the secret is shown once',
    input: createTokenInput,
    status: 201,
  },
  'DELETE /api/v1/tenants/{tenant}/tokens/{token}': { permission: 'token.manage', summary: 'Revoke an API token', input: oneToken, status: 204 },
  'POST /api/v1/platform/tenants/{slug}/memberships': {
    permission: 'platform:tenant.join',
    summary: 'Join a tenant as a platform admin, with a reason in its log',
    input: joinTenantInput,
    status: 201,
  },
} as const satisfies RouteTable
