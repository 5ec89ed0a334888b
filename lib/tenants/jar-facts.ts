import { z } from 'zod'
import { componentSpecSchema, type ComponentSpec } from '#lib/tenants/component-spec'

/** Newest Java that a class file may be compiled for: 28 has early-access builds; no file of a later one can be honest. */
export const newestJavaLevel = 28

const jarMigrationsSchema = z.strictObject({
  /** Versions of Flyway's versioned migrations, the lowest first, with dots: `1`, `1.1`, `20240101`. The newest 2000. */
  flyway: z.array(z.string().max(100)).max(2000),
  /** Liquibase changelogs by name below the class path, with the checksum (CRC-32) of their content; at most 500. */
  liquibase: z.array(z.strictObject({ name: z.string().max(300), crc32: z.string().max(8) })).max(500),
})
export type JarMigrations = z.output<typeof jarMigrationsSchema>

/** What inspection found inside a JAR. The bounds are those of its answer: it is made by the process that read hostile bytes. */
export const jarFactsSchema = z.strictObject({
  kind: z.enum(['plain', 'spring-boot']),
  /** What `java -jar` starts. */
  mainClass: z.string().max(1000),
  /** The application's own class behind a Spring Boot launcher. */
  startClass: z.string().max(1000).optional(),
  springBootVersion: z.string().max(1000).optional(),
  /** Java release that the main class (behind a launcher, the start class) was compiled for: 17 of class file version 61. */
  javaLevel: z.int().min(1).max(newestJavaLevel),
  /** Layers of a Spring Boot JAR in the order of the image, those with entries only; empty for a plain JAR. */
  layers: z.array(z.strictObject({ name: z.string().max(200), entries: z.int().min(1) })).max(100),
  /** Whether the layers are those of its own index, and not the default ones. */
  hasLayersIndex: z.boolean(),
  hasActuator: z.boolean(),
  isMultiRelease: z.boolean(),
  /** Main attributes of the manifest: at most 60, each cut at 1000 characters. */
  manifest: z.record(z.string().max(100), z.string().max(1000)),
  /** `group:artifact:version` of embedded Maven descriptors, and names of nested JARs, sorted; at most 2000. */
  coordinates: z.array(z.string().max(600)).max(2000),
  entries: z.int().min(1),
  uncompressedBytes: z.int().min(0),
  /** Database migrations inside; absent where an older inspection did not look for them. */
  migrations: jarMigrationsSchema.optional(),
})
export type JarFacts = z.output<typeof jarFactsSchema>

/** How to run it, as far as the JAR itself tells: a person may change it before the first upload and after. */
export function suggestSpec(facts: JarFacts, fileName: string): ComponentSpec {
  const started = facts.startClass ?? facts.mainClass
  if (isWireMock(started, fileName)) {
    return componentSpecSchema.parse({ arguments: ['--port', '${PORT}'], readiness: { kind: 'http', path: '/__admin/health' } })
  }
  // A Spring context takes longer to stand than a plain main method: two minutes before a probe that fails counts.
  const slow = { startPeriodMs: 120_000 }
  if (/^zipkin2?\.server\./.test(started)) {
    return componentSpecSchema.parse({
      environment: { QUERY_PORT: '${PORT}' },
      containerPort: 9411,
      readiness: { kind: 'http', path: '/health', ...slow },
    })
  }
  if (facts.kind === 'spring-boot') {
    const readiness = facts.hasActuator ? { kind: 'http', path: '/actuator/health', ...slow } : { kind: 'tcp', ...slow }
    return componentSpecSchema.parse({ environment: { SERVER_PORT: '${PORT}' }, readiness })
  }
  return componentSpecSchema.parse({ environment: { PORT: '${PORT}' } })
}

/** By what is started, not by what is inside: an application may bring WireMock along as a library. */
function isWireMock(started: string, fileName: string): boolean {
  return started === 'wiremock.Run' || started.startsWith('com.github.tomakehurst.wiremock.') || /^wiremock-standalone\b/.test(fileName)
}
