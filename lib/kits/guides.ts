// The five guides that every hand-off block leads to (S0.20), short and true: pages of the console.
export interface Guide {
  id: 'deploy' | 'configure' | 'back-up' | 'alerts' | 'incidents'
  title: string
  paragraphs: readonly string[]
  /** Commands that exist. */
  commands: readonly string[]
}

export const guides: readonly Guide[] = [
  {
    id: 'deploy',
    title: 'Deploy a release',
    paragraphs: [
      'A release is a name for exact image digests. It enters at the first environment and is promoted from there, the same digest each time: nothing is built again.',
      'The promotion sheet shows what will change and every gate in its way. Nothing runs while a gate that blocks has not passed.',
    ],
    commands: ['caisson promote APP RELEASE --to ENVIRONMENT --wait', 'caisson status APP'],
  },
  {
    id: 'configure',
    title: 'Configure the environment of a service',
    paragraphs: [
      'What differs between environments is the overlay: connections, flags, variables, JVM arguments and files, in numbered revisions. A saved revision runs once a promotion of kind config applied it, with the same image.',
      'A connection names a secret. Secrets are written and never read back; they are delivered to replicas only.',
    ],
    commands: ['caisson config diff APP ENVIRONMENT', 'caisson config apply APP ENVIRONMENT', 'caisson secrets set APP ENVIRONMENT NAME'],
  },
  {
    id: 'back-up',
    title: 'Back up and retain data',
    paragraphs: [
      'A backup holds the database, the blobs and the keys of the installation; without the keys its secrets and signatures are worth nothing. The data of your own application is yours to back up.',
      'A backup counts once it was restored in isolation. Attach each drill to the checklist: one of the data, one of the secrets.',
    ],
    commands: ['caisson evidence show APP ENVIRONMENT RELEASE'],
  },
  {
    id: 'alerts',
    title: 'Configure alerts',
    paragraphs: [
      'Readiness decides: a replica that is alive and not ready gets no traffic. Alert on a deployment that is degraded or not ready, on drift, and on a rollout that failed.',
      'Fire every alert once, safely, and attach when it rang and who answered: alerts that were never fired do not count.',
    ],
    commands: ['caisson status APP', 'caisson evidence attach APP ENVIRONMENT RELEASE alert-wiring --file FILE --summary WORDS'],
  },
  {
    id: 'incidents',
    title: 'Respond to incidents',
    paragraphs: [
      'Contain first: stop the line, then go back to the last release that ran well. A rollback passes a closed line, and says so. Its clock runs from the stop to the verification.',
      'Everything that was done is in the audit log, with who and when; lift the hold by name when the cause is known.',
    ],
    commands: [
      'caisson stop-the-line --incident ID --reason WORDS',
      'caisson rollback APP ENVIRONMENT --reason WORDS --wait',
      'caisson timeline ENVIRONMENT',
    ],
  },
]

export function findGuide(id: string): Guide | undefined {
  return guides.find((guide) => guide.id === id)
}
