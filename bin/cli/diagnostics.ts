// diagnostics: how the parts of a running server stand; `doctor` looks at the machine without one.
import type { Command } from 'commander'
import { overApi } from '#bin/cli/over-api'
import { show } from '#bin/cli/print'
import { worstOf, type CheckState, type DiagnosisView } from '#lib/operations/diagnosis'

const signs: Record<CheckState, string> = { ok: '✓', attention: '!', down: '✗', unknown: '?' }

export function addDiagnostics(program: Command): void {
  overApi(
    program
      .command('diagnostics')
      .description('how the parts of Caisson stand, and what waits or fails; exit code 2 when something is down or unknown')
      .option('--text', 'as text for the report of a fault: no path, no address, no secret')
      .addHelpText(
        'after',
        `
Platform admins see the machine, the database and the work of all tenants; members see the parts and their own tenant.
When no server answers, look with \`caisson doctor\` on its machine.

  $ caisson diagnostics
  $ caisson diagnostics --text > report.txt
  $ caisson diagnostics --json | jq '.checks[] | select(.state != "ok")'`,
      ),
    async (api, options: { json?: boolean; text?: boolean }) => {
      const view = await api.call<DiagnosisView>('GET', '/tenants/{tenant}/diagnostics')
      show(options, view, () => (options.text ? view.text : describe(view)))
      if (['down', 'unknown'].includes(worstOf(view.checks))) process.exitCode = 2
    },
  )
}

function describe({ checks, versions }: DiagnosisView): string {
  return [
    ...checks.map(({ name, state, says, fix }) => `${signs[state]} ${name}: ${says}${fix === '' ? '' : `\n    ${fix}`}`),
    ...versions.map(({ name, value }) => `  ${name}: ${value}`),
  ].join('\n')
}
