import { door, ok } from '#app/api/door'
import { openApiDocument } from '#app/api/openapi'

export const GET = door('GET /api/v1/openapi.json', async () => ok(openApiDocument()))
