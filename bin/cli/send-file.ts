// One file as the body of one request. Node's own http rather than fetch: an answer that comes before the body is sent
// (a taken name, a full quota) is read, where fetch would report the broken connection.
import { createReadStream } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Transform } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Presets, SingleBar } from 'cli-progress'
import { authorization, notReached, refusalIn } from '#bin/cli/api'
import { bytes } from '#bin/cli/print'

export interface FileToSend {
  file: string
  sizeBytes: number
  showsBar: boolean
}

/** POSTs the bytes and gives the JSON of the answer; throws the refusal, or `unavailable` when nothing answers. */
export async function sendFile<T>(address: URL, token: string, { file, sizeBytes, showsBar }: FileToSend): Promise<T> {
  const bar = showsBar ? startBar(sizeBytes) : undefined
  try {
    const response = await send(address, token, file, sizeBytes, (sent) => bar?.update(sent, { sent: bytes(sent) }))
    const body = await text(response)
    const status = response.statusCode ?? 0
    if (status < 200 || status > 299) throw refusalIn(body, status)
    return JSON.parse(body) as T
  } finally {
    bar?.stop()
  }
}

function send(address: URL, token: string, file: string, sizeBytes: number, onSent: (sent: number) => void): Promise<IncomingMessage> {
  return new Promise((done, fail) => {
    const request = address.protocol === 'https:' ? httpsRequest : httpRequest
    const headers = { ...authorization(token), 'content-type': 'application/java-archive', 'content-length': sizeBytes }
    let isAnswered = false
    const outgoing = request(address, { method: 'POST', headers }, (response) => {
      isAnswered = true
      done(response)
    })
    let sent = 0
    const count = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        sent += chunk.length
        onSent(sent)
        next(null, chunk)
      },
    })
    const source = createReadStream(file)
    source.once('error', (error) => {
      outgoing.destroy()
      fail(error)
    })
    outgoing.once('error', (error) => {
      source.destroy()
      // The server hangs up on the rest of a body that it refused; its answer is the news.
      if (!isAnswered) fail(notReached(address, error))
    })
    source.pipe(count).pipe(outgoing)
  })
}

function startBar(sizeBytes: number): SingleBar {
  const bar = new SingleBar(
    { format: '  {bar} {percentage}%  {sent} of {size}  {eta_formatted} left', stream: process.stderr, hideCursor: true, clearOnComplete: true },
    Presets.shades_classic,
  )
  bar.start(sizeBytes, 0, { sent: bytes(0), size: bytes(sizeBytes) })
  return bar
}
