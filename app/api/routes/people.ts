import { z } from 'zod'
import type { RouteTable } from '#app/api/route-spec'
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
} as const satisfies RouteTable
