import { isRefusal, type Refusal } from '#lib/platform/refusal'
import { log } from '#lib/platform/log'
import { lostDatabase } from '#lib/platform/postgres/outage'
import { withoutSecrets } from '#lib/platform/without-secrets'

/** RFC 9457 body of a refusal: `code` is from the closed table, `fix` says what to do. */
export interface ProblemBody {
  type: string
  title: string
  status: number
  detail: string
  code: string
  requestId: string
  fix?: string
  [extension: string]: unknown
}

export function problemOf(refusal: Refusal, requestId: string): ProblemBody {
  return {
    ...refusal.details,
    type: `urn:caisson:problem:${refusal.code}`,
    title: refusal.code.replaceAll('_', ' '),
    status: refusal.status,
    detail: refusal.message,
    code: refusal.code,
    requestId,
    ...(refusal.fix === undefined ? {} : { fix: refusal.fix }),
  }
}

/** A refusal as its problem; anything else as a 500 that tells the caller nothing but where to look in the log. */
export function problemResponse(error: unknown, requestId: string): Response {
  if (isRefusal(error)) return jsonProblem(problemOf(error, requestId))
  const lost = lostDatabase(error)
  if (lost) return jsonProblem(problemOf(lost, requestId))
  log.error({ requestId, error: error instanceof Error ? { message: error.message, stack: error.stack } : String(error) }, 'a request failed')
  return jsonProblem({
    type: 'urn:caisson:problem:fault',
    title: 'fault',
    status: 500,
    detail: 'Something broke on our side; nothing was changed.',
    code: 'fault',
    requestId,
    fix: `Look for ${requestId} in the log of the server.`,
  })
}

function jsonProblem(body: ProblemBody): Response {
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'x-request-id': body.requestId }
  if (body.status === 401) headers['www-authenticate'] = 'Bearer realm="caisson"'
  if (body.status === 429) headers['retry-after'] = typeof body['retryAfterSeconds'] === 'number' ? String(body['retryAfterSeconds']) : '10'
  return new Response(withoutSecrets(JSON.stringify(body)), { status: body.status, headers })
}
