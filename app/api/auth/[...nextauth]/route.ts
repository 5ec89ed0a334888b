import NextAuth from 'next-auth'
import type { NextRequest } from 'next/server'
import { authOptions } from '#app/api/auth/options'

type Handler = (
  request: NextRequest,
  context: { params: Promise<{ nextauth: string[] }> },
  options: ReturnType<typeof authOptions>,
) => Promise<Response>

const handle = NextAuth as unknown as Handler

async function handler(request: NextRequest, context: { params: Promise<{ nextauth: string[] }> }): Promise<Response> {
  return handle(request, context, authOptions())
}

export { handler as GET, handler as POST }
