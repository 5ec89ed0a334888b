// Requests as no well-behaved client sends them, and answers that come before the request was whole.
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { RouteAnswer } from '#lib/testing/http'

export interface RawCall {
  method: string
  headers: Record<string, string>
  /** Sent as they come; with a `content-length` of the headers as they are, else in chunks of HTTP. */
  body?: Iterable<Uint8Array>
}

/** One request over a connection of its own; an answer that comes while the body is sent is the answer. */
export function callOver(url: string, { method, headers, body = [] }: RawCall): Promise<RouteAnswer> {
  return new Promise((done, fail) => {
    let isAnswered = false
    const outgoing = request(url, { method, headers, agent: false }, (response) => {
      isAnswered = true
      done(answerOf(response))
    })
    outgoing.on('error', (error) => {
      if (!isAnswered) fail(error)
    })
    for (const chunk of body) outgoing.write(chunk)
    outgoing.end()
  })
}

async function answerOf(response: IncomingMessage): Promise<RouteAnswer> {
  const words = await text(response)
  const isJson = /^application\/(problem\+)?json\b/.test(response.headers['content-type'] ?? '')
  const headers = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]))
  return { status: response.statusCode ?? 0, body: isJson ? JSON.parse(words) : words, headers }
}

/** Writes bytes to a fresh connection and gives everything that comes until the other side closes it. */
export function exchangeBytes(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((done) => {
    let heard = ''
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'))
    socket.setEncoding('latin1').on('data', (chunk: string) => (heard += chunk))
    socket.on('error', () => {})
    socket.on('close', () => done(heard))
  })
}
