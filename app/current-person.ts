import { headers } from 'next/headers'
import { cache } from 'react'
import { identify, type Identity } from '#lib/access/identify'
import { getMe } from '#lib/access/queries/get-me'
import type { MeView } from '#lib/access/session'
import { createContext } from '#lib/platform/context'
import { newId } from '#lib/platform/id'

/** Who asks for this page, asked once per request; null for nobody. */
export const currentIdentity = cache(async (): Promise<Identity | null> => identify(new Headers(await headers())))

/** The same as `GET /api/v1/me` tells; null for nobody. */
export const currentPerson = cache(async (): Promise<MeView | null> => {
  const identity = await currentIdentity()
  return identity ? getMe(createContext({ actor: identity.actorIn(null), requestId: newId() })) : null
})
