import { createContext, systemActor } from '#lib/platform/context'
import { UploadFiles } from '#lib/registry/internal/upload-files'
import { uploadsFolder } from '#lib/registry/uploads-folder'

const abandonedAfterMs = 24 * 3_600_000

/** Ends uploads that nobody touched for a day, and removes their bytes. Safe to run twice and beside uploads. Answers how many ended. */
export async function sweepUploads(folder = uploadsFolder(), now = new Date()): Promise<number> {
  const files = new UploadFiles(folder)
  const before = new Date(now.getTime() - abandonedAfterMs)
  const ctx = createContext({ actor: systemActor('sweeper') })
  const ended = await ctx.write((tx) => tx.$queryRaw<{ id: string }[]>`delete from blob_upload where touched_at < ${before} returning id`)
  for (const { id } of ended) await files.discard(id)
  // Twice as long: the first chunk of a slow upload may be older than its row's last touch.
  await files.discardOlder(new Date(before.getTime() - abandonedAfterMs))
  return ended.length
}
