// The text that an owner signs: an in-toto statement (in-toto/attestation spec/v1/statement.md) whose subject are the release's
// images and whose predicate says what was looked at, by whom, and what the signature means.
import { canonicalJson } from '#lib/platform/canonical-json'
import type { Checklist, ChecklistContent } from '#lib/evidence/checklist'
import { predicateType, type Statement, type StatementInput } from '#lib/evidence/sign-off-proof'

/** Canonical JSON: the same checklist, signer and words give the same text. */
export function statementText(checklist: Pick<Checklist, 'content' | 'digest' | 'items'>, input: StatementInput): string {
  const { content, digest, items } = checklist
  const statement: Statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: subjectOf(content),
    predicateType,
    predicate: {
      checklistDigest: digest,
      tenant: content.tenant,
      application: content.application,
      environment: content.environment,
      release: content.release.name,
      template: content.template,
      items: items
        .filter(({ control }) => control.collection !== 'signature')
        .map(({ control, status }) => ({ control: control.id, title: control.title, status })),
      ...input,
    },
  }
  return canonicalJson(statement)
}

function subjectOf(content: ChecklistContent): Statement['subject'] {
  return content.release.components.map(({ repository, digest }) => ({ name: repository, digest: { sha256: digest.replace(/^sha256:/, '') } }))
}
