// Questions to the person at the terminal, or to whatever is piped in.
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { Refusal } from '#lib/platform/refusal'

/** A line of stdin after a question on stderr; `hidden` shows nothing of what is typed. Refuses when stdin has ended. */
export async function ask(question: string, options: { hidden?: boolean } = {}): Promise<string> {
  process.stderr.write(question)
  const answer = process.stdin.isTTY ? await typed(question, options.hidden ?? false) : await piped()
  if (answer !== undefined) return answer
  throw new Refusal('invalid_input', `Nobody answered “${question.trim()}”.`, {
    fix: 'Run it in a terminal, or see --help for how to say it beforehand.',
  })
}

/** CAISSON_PASSWORD, or what is typed unseen, or the first line that is piped in. */
export async function askPassword(question: string): Promise<string> {
  return process.env['CAISSON_PASSWORD'] || ask(question, { hidden: true })
}

/** undefined when the person left with Ctrl-C or Ctrl-D. */
function typed(question: string, isHidden: boolean): Promise<string | undefined> {
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isHidden) process.stderr.write(chunk)
      done()
    },
  })
  // The prompt is there already: readline is told of it so that it knows where the cursor stands.
  const lines = createInterface({ input: process.stdin, output, terminal: true, prompt: isHidden ? '' : question })
  return new Promise((done) => {
    lines.once('line', (line) => {
      done(line)
      lines.close()
    })
    lines.once('close', () => {
      if (isHidden) process.stderr.write('\n')
      done(undefined)
    })
  })
}

let pipedLines: NodeJS.AsyncIterator<string> | undefined

/** The next line, also a last one without its newline; one reader for all questions, so that none loses lines of the next. */
async function piped(): Promise<string | undefined> {
  pipedLines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]()
  process.stdin.resume()
  const { value, done } = await pipedLines.next()
  process.stdin.pause() // or an open pipe would keep the command from ending
  return done ? undefined : value
}
