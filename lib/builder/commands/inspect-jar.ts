import { z } from 'zod'
import { configPropertySchema, type ConfigProperty } from '#lib/tenants/config-property'
import { runArchiveChild, type ChildLimits } from '#lib/builder/internal/run-archive-child'
import { configPropertyLimits } from '#lib/builder/internal/spring-metadata'
import { jarFactsSchema, newestJavaLevel, type JarFacts } from '#lib/tenants/jar-facts'

/** A Spring Boot JAR of 131 MB takes half a second; the 200,000 entries that are the limit take 4 s and 240 MiB of resident memory. */
const defaults: ChildLimits = { timeoutMs: 120_000, heapMiB: 192 }

/**
 * Reads a JAR in a child process with limits on memory and time; nothing is unpacked to disk, and every byte is read once.
 * @param path of bytes that nobody changes meanwhile
 * @throws Refusal `not_a_jar`, `unsafe_archive` or `unsupported`, saying exactly why (docs/decisions/0010)
 */
export async function inspectJar(path: string, limits: Partial<ChildLimits> = {}): Promise<JarFacts> {
  return (await inspectJarWhole(path, limits)).facts
}

export interface JarInspection {
  facts: JarFacts
  /** What the JAR says about its own configuration; empty for one without Spring's metadata. */
  configProperties: ConfigProperty[]
}

/** The same, with the configuration metadata: it is large, and only an upload keeps it. */
export async function inspectJarWhole(path: string, limits: Partial<ChildLimits> = {}): Promise<JarInspection> {
  let inspection: JarInspection | undefined
  for await (const { payload } of runArchiveChild('inspect', path, { ...defaults, ...limits }, String(newestJavaLevel))) {
    inspection = answerSchema.parse(JSON.parse(payload.toString('utf8')))
  }
  if (!inspection) throw new Error('the archive child ended without facts')
  return inspection
}

const answerSchema = z.strictObject({ facts: jarFactsSchema, configProperties: z.array(configPropertySchema).max(configPropertyLimits.properties) })
