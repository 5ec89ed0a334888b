import type { z } from 'zod'
import type { TenantContext } from '#lib/platform/context'
import { checkImages } from '#lib/promotions/internal/check-images'
import { lostRace, openPromotion } from '#lib/promotions/internal/open-promotion'
import { requestPromotionInput, type PromotionView, type RequestPromotionInput } from '#lib/promotions/promotion'
import { presentOpened } from '#lib/promotions/queries/get-promotion'

/**
 * Asks for a change of what an environment runs. Where no gate blocks it rolls out at once; where something is awaited it waits;
 * where a gate failed it is refused (`gates_blocked`, `frozen`) and leaves nothing. At most one unsettled promotion for each
 * (application, environment): `conflict` names the one that stands in the way, and `supersede` replaces a waiting one by name.
 */
export async function requestPromotion(ctx: TenantContext, input: RequestPromotionInput): Promise<PromotionView> {
  const request = requestPromotionInput.parse(input)
  try {
    const imageProblem = request.kind === 'rollback' ? await imageProblemOf(ctx, request) : ''
    return await ctx.write(async (tx) => presentOpened(tx, ctx, await openPromotion(tx, ctx, request, { imageProblem })))
  } catch (error) {
    return lostRace(ctx, error, request)
  }
}

/** What is wrong with the images of the release that is to come back; '' when they are whole, or when there is no such release. */
async function imageProblemOf(ctx: TenantContext, { application, release }: z.output<typeof requestPromotionInput>): Promise<string> {
  if (release === undefined) return ''
  const images = await ctx.read(
    (tx) =>
      tx.$queryRaw<{ repository: string; digest: string }[]>`
      select i.repository, c.digest from application a join release r on r.application_id = a.id
      join release_component c on c.release_id = r.id join image i on i.id = c.image_id where a.slug = ${application} and r.name = ${release}`,
  )
  const checks = await checkImages(ctx, images)
  return [...checks.values()].find(({ outcome }) => outcome !== 'passed')?.reason ?? ''
}
