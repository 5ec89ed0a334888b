import { door, ok } from '#app/api/door'
import { getMe } from '#lib/access/queries/get-me'

export const GET = door('GET /api/v1/me', async (ctx) => ok(await getMe(ctx)))
