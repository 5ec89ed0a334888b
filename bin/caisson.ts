// `caisson`: one command, its result, one exit code.
import { CommanderError } from 'commander'
import { gateLines, note } from '#bin/cli/print'
import { createProgram } from '#bin/cli/program'
import type { GateResult } from '#lib/promotions/gates'
import { isRefusal, refusalCodes, type Refusal } from '#lib/platform/refusal'

// Who reads along may have seen enough: `caisson board | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

try {
  await createProgram().parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

/** Words for a person, or a problem as JSON where JSON was asked for; both on stderr. Gives the exit code. */
function report(error: unknown): number {
  // Commander has written its own words; help that was asked for is no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 || error.code === 'commander.help' ? 0 : refusalCodes.invalid_input.exitCode
  if (!isRefusal(error)) {
    note(
      process.env['CAISSON_DEBUG'] && error instanceof Error
        ? (error.stack ?? error.message)
        : error instanceof Error
          ? error.message
          : String(error),
    )
    return 1
  }
  const { exitCode } = refusalCodes[error.code]
  note(process.argv.includes('--json') ? asJson(error, exitCode) : inWords(error))
  return exitCode
}

function asJson({ code, message, fix, details }: Refusal, exitCode: number): string {
  return JSON.stringify({ ...details, code, detail: message, ...(fix === undefined ? {} : { fix }), exitCode })
}

function inWords({ message, fix, details }: Refusal): string {
  const gates = Array.isArray(details['gates']) ? `\n${gateLines(details['gates'] as GateResult[])}` : ''
  return `${message}${fix === undefined ? '' : `\n${fix}`}${gates}`
}
