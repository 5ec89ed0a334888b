import type { IncomingMessage } from 'node:http'
import { parse, readQuery, withPath } from '#app/api/door'
import { attachFileInput } from '#lib/evidence/checklist-view'
import { attachFile } from '#lib/evidence/commands/attach-file'
import type { TenantContext } from '#lib/platform/context'

/** Takes a file as the body itself; what it is about stands in the address. */
export async function evidenceFile(
  ctx: TenantContext,
  request: IncomingMessage,
  params: Record<string, string>,
  query: URLSearchParams,
): Promise<Response> {
  const view = await attachFile(ctx, parse(attachFileInput, withPath(readQuery(query), params)), request)
  return Response.json(view, { status: 201, headers: { 'cache-control': 'no-store', 'x-request-id': ctx.requestId } })
}
