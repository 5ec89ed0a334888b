import { z } from 'zod'
import type { Tx } from '#lib/platform/database'
import type { LayerFacts } from '#lib/promotions/lanes'

const layersSchema = z.array(z.object({ name: z.string(), digest: z.string(), sizeBytes: z.number() }))

/** The layers of releases, by release id. One statement. */
export async function loadLayers(tx: Tx, releaseIds: string[]): Promise<Map<string, LayerFacts[]>> {
  const rows = await tx.$queryRaw<{ releaseId: string; component: string; layers: string }[]>`
    select c.release_id as "releaseId", c.component, i.layers from release_component c join image i on i.id = c.image_id
    where c.release_id = any(${releaseIds}) order by c.component`
  const map = new Map<string, LayerFacts[]>()
  for (const { releaseId, component, layers } of rows) {
    const own = layersSchema.parse(JSON.parse(layers)).map((layer) => ({ component, ...layer }))
    map.set(releaseId, [...(map.get(releaseId) ?? []), ...own])
  }
  return map
}
