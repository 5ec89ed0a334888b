// What the codes of `/ready` mean, and what to do.

const words: Record<string, readonly [says: string, fix: string]> = {
  postgres_unreachable: ['the database does not answer', 'Look at the output of `caisson up`; with DATABASE_URL, start that server.'],
  migrations_pending: ['the schema is older than this program', 'Start `caisson up` again: it migrates first.'],
  init_incomplete: ['the first start did not complete', 'Start `caisson up` again.'],
  worker_down: [
    'no worker was heard for ten seconds',
    'Look at the output of `caisson up`, which starts it again; or start one: `caisson up --services worker`.',
  ],
  java_missing: ['the machine of the worker has no Java that answers', 'Install Java 17 or newer there, or name one with CAISSON_JAVA.'],
  launcher_failed: ['what keeps a replica running does not start', 'Run `caisson doctor` on the machine of the worker.'],
  down: ['it does not answer', 'Look at the output of `caisson up`, which starts it again; or start one: `caisson up --services gateway`.'],
  port_taken: [
    'something else listens where an application has its address',
    'End what listens there: the log of the gateway names the port. It is tried again every second.',
  ],
}

/** What a check says and what would mend it. */
export function describeCheck(part: string, code: string): readonly [says: string, fix: string] {
  return words[code] ?? [`${code}: nothing is known of it`, `Mend the other parts first; then look at the output of the ${part}.`]
}
