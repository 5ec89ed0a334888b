import { z } from 'zod'

export const oneRepository = z.strictObject({
  application: z.string().max(63),
  /** For the repository of one of several components. */
  component: z.string().max(63).optional(),
})

/** A repository in the list of a tenant. */
export interface RepositorySummary {
  /** `tenant/application[/component]`. */
  name: string
  application: string
  component: string | null
  tags: number
  /** Of its manifests and of every blob that it may serve, each counted once. */
  sizeBytes: number
  /** RFC 3339; null before the first push. */
  lastPushAt: string | null
}

export interface TagView {
  name: string
  digest: string
  mediaType: string
  /** Of the manifest and, for an image, of all that it names. */
  sizeBytes: number
  pushedAt: string
  pushedBy: { id: string; name: string }
  /** What somebody types to have it, by digest: a tag of another day is another image. */
  pull: string
  /** Why it cannot be deleted: `release v1.2.3`. */
  pinnedBy: string[]
}

export interface RepositoryView extends RepositorySummary {
  /** `docker login …` */
  login: string
  /** Newest first. */
  tagList: TagView[]
}
