// What a worker saw of the runtime of its machine, and whether something may run there: pure.
import { z } from 'zod'
import { allowed, refused, type Verdict } from '#lib/platform/refusal'

export const runtimeFactsSchema = z.object({
  /** By the database's clock. */
  at: z.coerce.date(),
  /** null: there is none, or it does not answer. */
  java: z.object({ version: z.string(), level: z.int() }).nullable(),
  /** Of the machine, or of the container that Caisson runs in. */
  memoryMiB: z.int(),
  /** Whether what keeps a replica running starts here. */
  launcher: z.enum(['ok', 'failed']),
  /** port_taken: it answers, and something else listens where an application has its address. */
  gateway: z.enum(['ok', 'down', 'port_taken']),
})
export type RuntimeFacts = z.output<typeof runtimeFactsSchema>

export type HostFacts = Pick<RuntimeFacts, 'java' | 'memoryMiB' | 'launcher'>

/** What a component needs of a machine. */
export interface Needs {
  name: string
  /** From the inspection of its JAR; null where none was inspected. */
  javaLevel: number | null
  /** Of one replica. */
  memoryMiB: number
}

/**
 * Whether replicas of these components can run on a machine. What is not known is no pass: without facts
 * `runtime_unavailable`, without the level of a component `unsupported`.
 * @param kind for words
 */
export function mayRun(kind: string, facts: HostFacts | undefined, components: readonly Needs[]): Verdict {
  if (!facts) return refused('runtime_unavailable', `No worker has told yet what the ${kind} runtime can run.`, 'Start a worker: `caisson up`.')
  if (facts.launcher !== 'ok')
    return refused('runtime_unavailable', 'The launcher of replicas does not start on this machine.', 'Run `caisson doctor` there.')
  const wanted = Math.max(17, ...components.map(({ javaLevel }) => javaLevel ?? 0))
  if (!facts.java) return refused('runtime_unavailable', 'This machine has no Java that answers.', getJava(wanted))
  for (const { name, javaLevel, memoryMiB } of components) {
    if (javaLevel === null) {
      const words = `Which Java ${name} needs is not known: its image was not made from a JAR that was inspected.`
      return refused('unsupported', words, 'Upload the JAR, or choose another runtime for the environment.')
    }
    if (javaLevel > facts.java.level)
      return refused('unsupported', `${name} needs Java ${javaLevel}; this machine has Java ${facts.java.version}.`, getJava(javaLevel))
    if (memoryMiB > facts.memoryMiB) {
      const words = `A replica of ${name} is given ${memoryMiB} MiB of memory; this machine has ${facts.memoryMiB} MiB.`
      return refused('unsupported', words, `Give ${name} less memory, or run it on a bigger machine.`)
    }
  }
  return allowed
}

function getJava(level: number): string {
  return `Install Java ${level} or newer on the machine of the worker, or name it with CAISSON_JAVA.`
}
