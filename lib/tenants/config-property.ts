// What a JAR says about its own configuration: Spring Boot's configuration metadata, as it was found inside.
import { z } from 'zod'

/** The bounds are those of an answer of the process that read hostile bytes. */
export const configPropertySchema = z.strictObject({
  /** Canonical, as Spring writes it: `server.port`. */
  name: z.string().min(1).max(300),
  /** A Java type: `java.lang.Integer`; '' where the JAR says none. */
  type: z.string().max(300),
  description: z.string().max(400),
  /** '' for none. */
  defaultValue: z.string().max(300),
  deprecation: z.strictObject({ level: z.enum(['warning', 'error']), reason: z.string().max(300), replacement: z.string().max(300) }).optional(),
  /** Values that it may have, where the JAR names them. */
  values: z.array(z.string().max(100)).max(60).optional(),
})
export type ConfigProperty = z.output<typeof configPropertySchema>
