import NextAuth from 'next-auth'
import type { NextRequest } from 'next/server'
import { demandSoundRequest } from '#app/api/auth/demand-sound-request'
import { authOptions } from '#app/api/auth/options'
import { problemResponse } from '#app/api/problem'
import { newId } from '#lib/platform/id'

type Handler = (
  request: NextRequest,
  context: { params: Promise<{ nextauth: string[] }> },
  options: ReturnType<typeof authOptions>,
) => Promise<Response>

const handle = NextAuth as unknown as Handler

async function handler(request: NextRequest, context: { params: Promise<{ nextauth: string[] }> }): Promise<Response> {
  try {
    demandSoundRequest(request, (await context.params).nextauth)
  } catch (error) {
    return problemResponse(error, newId())
  }
  return handle(request, context, authOptions())
}

export { handler as GET, handler as POST }
