import type { ComponentProps, ReactNode } from 'react'
import { TextField } from '#components/ui/text-field'

/** The name of a new thing for machines: give it what `fieldsOf` says of the slug, with `slugOf` to clean it. */
export function SlugField(props: Omit<ComponentProps<typeof TextField>, 'label'>): ReactNode {
  return (
    <TextField
      label="Slug"
      isMono
      autoComplete="off"
      spellCheck={false}
      hint="Stands in addresses, repositories and command lines, and never changes: a-z, 0-9 and -."
      {...props}
    />
  )
}

/** What is typed, as a slug may be written. */
export const slugOf = (words: string): string => words.toLowerCase()
