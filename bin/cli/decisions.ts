// approvals, approve, reject, cancel, retry: what people decide about a promotion that somebody asked for.
import type { Command } from 'commander'
import { reauthenticating } from '#bin/cli/account'
import { path } from '#bin/cli/api'
import { ask } from '#bin/cli/ask'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { say, show, table, time } from '#bin/cli/print'
import { describePromotion } from '#bin/cli/promotion-progress'
import { present, promotionTable } from '#bin/cli/promotions'
import type { InboxItem, InboxView } from '#lib/promotions/inbox'
import type { PromotionView } from '#lib/promotions/promotion'
import { Refusal } from '#lib/platform/refusal'

interface ApproveOptions extends CommonOptions {
  comment?: string
  yes?: boolean
}

export function addDecisions(program: Command): void {
  overApi(
    program.command('approvals').description('what waits for your approval, what waits for others, what is done'),
    async (api, options: CommonOptions) => {
      const inbox = await api.call<InboxView>('GET', '/tenants/{tenant}/inbox')
      show(options, inbox, () => describeInbox(inbox))
    },
  )

  overApi(
    program
      .command('approve')
      .argument('<promotion>')
      .description('approve the plan that this shows')
      .option('--comment <text>', 'what you want to have said')
      .option('--yes', 'do not ask')
      .addHelpText(
        'after',
        `
It prints the plan with its digest and what it changes, asks, and sends the digest that it showed: when the plan
moves in between, nothing is approved and the exit code is 18. Nobody approves their own request (21).

  $ caisson approvals
  $ caisson approve 0197… --comment "checked with the shop team"`,
      ),
    async (api, id: string, options: ApproveOptions) => {
      const shown = await api.call<PromotionView>('GET', path`/tenants/{tenant}/promotions/${id}`)
      if (!options.json) say(describePromotion(shown))
      await confirm(`Approve the plan ${shown.planDigest.slice(0, 19)}…? Type yes: `, options)
      const sent = { planDigest: shown.planDigest, comment: options.comment }
      const promotion = await reauthenticating(api, () => api.call<PromotionView>('POST', path`/tenants/{tenant}/promotions/${id}/approvals`, sent))
      show(options, promotion, () => `Approved. It is ${promotion.state.replaceAll('_', ' ')} now.`)
    },
  )

  decision(program, 'reject', 'rejections', 'reject a promotion that waits', 'why', true)
  decision(program, 'cancel', 'cancellations', 'take a waiting promotion back, or stop one after the running step', 'why', false)
  decision(program, 'retry', 'retries', 'ask again for what failed or errored', 'why', false)
  decision(program, 'ask-again', 'requests', 'ask again for what was rejected or expired', 'what is different now', false)
}

function decision(program: Command, name: string, resource: string, says: string, about: string, needsReason: boolean): void {
  const command = program.command(name).argument('<promotion>').description(says)
  if (needsReason) command.requiredOption('--reason <text>', about)
  else command.option('--reason <text>', about)
  overApi(command, async (api, id: string, options: CommonOptions & { reason?: string }) => {
    const route = `${path`/tenants/{tenant}/promotions/${id}`}/${resource}`
    const promotion = await reauthenticating(api, () => api.call<PromotionView>('POST', route, { reason: options.reason }))
    await present(api, promotion, options)
  })
}

async function confirm(question: string, { yes }: ApproveOptions): Promise<void> {
  if (yes) return
  const answer = await ask(question)
  if (!/^(y|yes)$/i.test(answer.trim())) {
    throw new Refusal('invalid_input', 'Nothing was approved.', { fix: 'Type yes, or run it with --yes.' })
  }
}

function describeInbox(inbox: InboxView): string {
  const parts = [section(`Needs you (${inbox.needsYou.length})`, inbox.needsYou), section('Waits for others', inbox.waitingForOthers)]
  if (inbox.done.length > 0) parts.push(`Done\n${promotionTable(inbox.done)}`)
  return parts.join('\n\n')
}

function section(title: string, items: InboxItem[]): string {
  if (items.length === 0) return `${title}\nNothing.`
  const rows = items.map((one) => [
    one.id,
    `${one.kind} ${one.application.slug} ${one.release} in ${one.environment.slug}`,
    one.requestedBy.name,
    `${one.approvals.given} of ${one.approvals.required}`,
    time(one.expiresAt),
    one.blockedBy.map(({ gate }) => gate).join(', '),
  ])
  return `${title}\n${table(['PROMOTION', 'ASKS FOR', 'BY', 'APPROVALS', 'EXPIRES', 'BLOCKED BY'], rows)}`
}
