import { z } from 'zod'
import type { Verdict } from '#lib/platform/refusal'
import { componentSpecSchema, type ComponentSpec } from '#lib/tenants/component-spec'
import { displayNameSchema, slugSchema } from '#lib/tenants/slug'

export const createApplicationInput = z.strictObject({
  slug: slugSchema,
  name: displayNameSchema,
  components: z
    .array(slugSchema)
    .min(1)
    .max(50)
    .refine((names) => new Set(names).size === names.length, 'names a component twice')
    .default(['app']),
})

export const oneApplication = z.strictObject({ application: z.string().max(63) })
export const oneComponent = z.strictObject({ application: z.string().max(63), component: z.string().max(63) })
export const writeComponentSpecInput = z.strictObject({ application: z.string().max(63), component: z.string().max(63), spec: componentSpecSchema })

export interface ApplicationView {
  id: string
  slug: string
  name: string
  createdAt: string
  components: ComponentView[]
  /** Whether the caller may edit the default specs, and why not. */
  editSpec: Verdict
}

export interface ComponentView {
  name: string
  /** What the next upload starts from. */
  spec: ComponentSpec
  /** False until somebody wrote one or the first upload suggested it. */
  isWritten: boolean
}
