import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { drained } from '#lib/platform/drained'

/** The headers of a Node request as the web's; several of one name are joined as the web joins them. */
export function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers()
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i] ?? ''
    if (!name.startsWith(':')) headers.append(name, request.rawHeaders[i + 1] ?? '')
  }
  return headers
}

/** Writes a web response to a Node one. */
export async function send(response: ServerResponse, answer: Response): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  if (!answer.body) {
    response.end()
    return
  }
  const body = Readable.fromWeb(answer.body as ReadableStream<Uint8Array>)
  for await (const chunk of body) {
    if (!response.write(chunk)) await drained(response)
    if (response.destroyed) return
  }
  response.end()
}
