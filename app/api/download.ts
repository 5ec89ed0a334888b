import { Readable } from 'node:stream'
import type { Context } from '#lib/platform/context'

const types = { csv: 'text/csv', jsonl: 'application/jsonl' } as const

/** Lines of text as a file that a browser saves; they are made while they are sent. */
export function download(ctx: Context, lines: AsyncIterable<string>, name: string): Response {
  const kind = name.endsWith('.csv') ? 'csv' : 'jsonl'
  const headers = {
    'content-type': `${types[kind]}; charset=utf-8`,
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
    'x-request-id': ctx.requestId,
  }
  return new Response(Readable.toWeb(Readable.from(lines, { objectMode: false })) as ReadableStream, { headers })
}
