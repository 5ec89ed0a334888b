import type { ChangeEvent } from 'react'
import type { Problem } from '#components/api'

type Words<Draft> = { [Name in keyof Draft]: Draft[Name] extends string ? Name : never }[keyof Draft] & string

interface DraftField {
  value: string
  error: string | undefined
  onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => void
}

/**
 * Ties the text fields of a form to its draft: `<TextField label="Name" {...field('name')} />` shows the words, what the server said
 * about them under the same name, and changes them. `under` comes before the names in the server's answer: `spec.`.
 */
export function fieldsOf<Draft extends object>(
  draft: Draft,
  setDraft: (draft: Draft) => void,
  problem: Problem | null,
  under = '',
): (name: Words<Draft>, clean?: (words: string) => string) => DraftField {
  return (name, clean = (words) => words) => ({
    value: String(draft[name]),
    error: problem?.field(`${under}${name}`),
    onChange: (event) => setDraft({ ...draft, [name]: clean(event.target.value) }),
  })
}
