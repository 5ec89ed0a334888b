// What a sign-off says, and whether it holds: for servers, browsers and the command line alike.
import { openEnvelope, type Envelope, type VerificationKey } from '#lib/evidence/dsse'

export const predicateType = 'https://caisson.dev/attestations/checklist-sign-off/v1'

export const usualMeaning = 'I own this release in this environment. I have read every item of this checklist, and it may be relied on.'

export interface StatementInput {
  meaning: string
  comment: string
  signer: { id: string; name: string; email: string }
  /** ISO; when the text was made, shortly before it was signed. */
  preparedAt: string
}

interface SignOffPredicate {
  checklistDigest: string
  tenant: string
  application: string
  environment: string
  release: string
  template: number
  /** Status of each item when it was signed. */
  items: { control: string; title: string; status: string }[]
  meaning: string
  comment: string
  signer: StatementInput['signer']
  preparedAt: string
}

export interface Statement {
  _type: 'https://in-toto.io/Statement/v1'
  subject: { name: string; digest: { sha256: string } }[]
  predicateType: string
  predicate: SignOffPredicate
}

/** What a statement says; undefined for anything that is not one of ours. */
export function readStatement(text: string): { subjects: string[]; predicate: SignOffPredicate } | undefined {
  try {
    const { predicateType: type, subject, predicate } = JSON.parse(text) as Statement
    if (type !== predicateType) return undefined
    return { subjects: subject.map(({ digest }) => `sha256:${digest.sha256}`), predicate }
  } catch {
    return undefined
  }
}

export interface SignOffProof {
  isValid: boolean
  /** One line for each thing that was looked at. */
  checks: { words: string; isGood: boolean }[]
}

/**
 * Looks at a sign-off with nothing but what it consists of: the envelope is signed by the key, its text is about these images and
 * this content, and the content is what stands now.
 * @param digestOfText sha256 of a text as `sha256:<hex>`
 */
export async function proveSignOff(
  signOff: { envelope: string; statement: string; content: string },
  current: { content: string; digests: readonly string[] },
  key: VerificationKey,
  digestOfText: (text: string) => Promise<string>,
): Promise<SignOffProof> {
  const text = await openEnvelope(JSON.parse(signOff.envelope) as Envelope, key)
  const said = text === undefined ? undefined : readStatement(text)
  const signedDigest = said?.predicate.checklistDigest ?? ''
  const checks = [
    { words: `The envelope is signed by key ${key.keyId.slice(0, 12)}.`, isGood: text !== undefined },
    { words: 'The shown text is the signed text, byte for byte.', isGood: text === signOff.statement },
    {
      words: 'Its subjects are the images of this release.',
      isGood: JSON.stringify(said?.subjects.toSorted()) === JSON.stringify([...current.digests].toSorted()),
    },
    { words: 'The content that was signed hashes to the signed digest.', isGood: (await digestOfText(signOff.content)) === signedDigest },
    { words: 'The checklist as it stands now is the one that was signed.', isGood: (await digestOfText(current.content)) === signedDigest },
  ]
  return { isValid: checks.every(({ isGood }) => isGood), checks }
}
