// The whole command line, as data: what runs is loaded when a command is chosen.
import { Command } from 'commander'
import { addLocal } from '#bin/caisson/local'
import { addOperations } from '#bin/caisson/operations'
import { addAccount } from '#bin/cli/account'
import { addAudit } from '#bin/cli/audit'
import { addBackups } from '#bin/cli/backups'
import { addBoard } from '#bin/cli/board'
import { addConfiguration } from '#bin/cli/configuration'
import { addDecisions } from '#bin/cli/decisions'
import { addDiagnostics } from '#bin/cli/diagnostics'
import { addDemo } from '#bin/cli/demo'
import { addDesk } from '#bin/cli/desk'
import { addEvidence } from '#bin/cli/evidence'
import { addFreezes } from '#bin/cli/freezes'
import { addHolds } from '#bin/cli/holds'
import { addKits } from '#bin/cli/kits'
import { addLogs } from '#bin/cli/logs'
import { addPromotions } from '#bin/cli/promotions'
import { addRaw } from '#bin/cli/raw'
import { addReleases } from '#bin/cli/releases'
import { addRetention } from '#bin/cli/retention'
import { addSecrets } from '#bin/cli/secrets'
import { addStatus } from '#bin/cli/status'
import { addTimeline } from '#bin/cli/timeline'
import { addTokens } from '#bin/cli/tokens'
import { addWebhooks } from '#bin/cli/webhooks'
import { refusalCodes } from '#lib/platform/refusal'

export function createProgram(): Command {
  const program = new Command('caisson')
    .description('Seals a JAR once, raises the same digest from dev to prod, and proves what happened.')
    .exitOverride()
    .showHelpAfterError('Try it with --help.')
    .addHelpText('after', closing)
  const audit = addLocal(program.commandsGroup('On this machine:'))
  addOperations(program)
  addDemo(program)
  addAccount(program.commandsGroup('You:'))
  addReleases(program.commandsGroup('Releases:'))
  addRetention(program)
  addBoard(program.commandsGroup('What runs:'))
  addStatus(program)
  addDiagnostics(program)
  addTimeline(program)
  addLogs(program)
  addPromotions(program.commandsGroup('Changing what runs:'))
  addConfiguration(program)
  addSecrets(program)
  addDecisions(program.commandsGroup('Deciding:'))
  addFreezes(program)
  addHolds(program)
  addTokens(program.commandsGroup('Machines:'))
  addWebhooks(program)
  addBackups(program)
  addRaw(program)
  addAudit(audit)
  addDesk(program.commandsGroup('Proof:'))
  addEvidence(program)
  addKits(program)
  return program
}

const exitCodes = Object.entries(refusalCodes).map(([code, { exitCode }]) => `${String(exitCode).padStart(4)} ${code}`)
const half = Math.ceil(exitCodes.length / 2)

const closing = `
The main job:
  $ caisson login
  $ caisson upload target/orders.jar --app orders --create-app --name v1.4.0
  $ caisson promote orders v1.4.0 --to dev --wait
  $ caisson promote orders v1.4.0 --to prod          # waits for somebody else:
  $ caisson approvals; caisson approve PROMOTION
  $ caisson status orders
  $ caisson rollback orders prod --reason "errors at checkout" --wait

Exit codes:
   0 done                          1 a fault
   2 it ran and did not complete   3 --wait ran out of time
${exitCodes
  .slice(0, half)
  .map((line, index) => `${line.padEnd(32)}${exitCodes[half + index] ?? ''}`.trimEnd())
  .join('\n')}`
