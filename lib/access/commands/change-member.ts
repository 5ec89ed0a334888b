import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { demandAnotherAdmin, lockMember } from '#lib/access/internal/lock-member'
import type { changeMemberInput, MemberView } from '#lib/access/member'
import { getMember } from '#lib/access/queries/list-members'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'
import { announce } from '#lib/platform/live-event'
import { Refusal } from '#lib/platform/refusal'

/** Changes the roles of a member, and the environments they are limited to. At the next request they have the new ones. */
export async function changeMember(ctx: TenantContext, input: z.output<typeof changeMemberInput>): Promise<MemberView> {
  authorize(ctx.actor, 'member.manage')
  await ctx.write(async (tx) => {
    const member = await lockMember(tx, ctx, input.member)
    if (!input.roles.includes('tenant_admin')) await demandAnotherAdmin(tx, member)
    const environments = await tx.environment.findMany({ select: { id: true, slug: true } })
    const environmentIds = (input.environments ?? []).map((slug) => {
      const id = environments.find((one) => one.slug === slug)?.id
      if (id === undefined) throw new Refusal('not_found', `There is no environment ${slug} here.`, { fix: 'List the environments of the tenant.' })
      return id
    })
    const after = { roles: input.roles, environmentIds: input.environments === undefined ? member.environmentIds : environmentIds }
    await tx.membership.update({ where: { id: member.id }, data: after, select: { id: true } })
    await appendEntry(tx, ctx, {
      action: 'member.changed',
      subject: { kind: 'user', id: member.userId, name: member.user.email },
      before: { roles: member.roles, environments: member.environmentIds },
      after: { roles: after.roles, environments: after.environmentIds },
    })
    await announce(tx, ctx.tenant.id, 'settings', 'members')
  })
  return getMember(ctx, input.member)
}
