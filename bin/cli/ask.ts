// Questions to the person at the terminal, or to whatever is piped in.
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { Refusal } from '#lib/platform/refusal'

/** A line of stdin after a question on stderr; `hidden` shows nothing of what is typed. Refuses when stdin has ended. */
export async function ask(question: string, options: { hidden?: boolean } = {}): Promise<string> {
  let isMuted = false
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isMuted) process.stderr.write(chunk)
      done()
    },
  })
  const lines = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY })
  const ended = new AbortController()
  lines.once('close', () => ended.abort())
  try {
    const answer = lines.question(question, { signal: ended.signal })
    isMuted = options.hidden ?? false
    return await answer
  } catch (error) {
    throw new Refusal('invalid_input', `Nobody answered “${question.trim()}”.`, {
      fix: 'Run it in a terminal, or see --help for how to say it beforehand.',
      cause: error,
    })
  } finally {
    lines.close()
    if (options.hidden && process.stdin.isTTY) process.stderr.write('\n')
  }
}

/** CAISSON_PASSWORD, or what is typed unseen, or the first line that is piped in. */
export async function askPassword(question: string): Promise<string> {
  return process.env['CAISSON_PASSWORD'] || ask(question, { hidden: true })
}
