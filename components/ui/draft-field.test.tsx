import type { ChangeEvent } from 'react'
import { describe, expect, it } from 'vitest'
import { Problem } from '#components/api'
import { fieldsOf } from '#components/ui/draft-field'

const typed = (value: string) => ({ target: { value } }) as ChangeEvent<HTMLInputElement>

describe('the text fields of a draft', () => {
  const draft = { slug: 'orders', name: 'Orders', isProtected: true }

  it('show their words and change nothing else of the draft', () => {
    let now = draft
    const field = fieldsOf(draft, (next) => (now = next), null)
    expect(field('name')).toMatchObject({ value: 'Orders', error: undefined })
    field('name').onChange(typed('All orders'))
    expect(now).toEqual({ ...draft, name: 'All orders' })
    field('slug', (words) => words.toLowerCase()).onChange(typed('ORDERS-2'))
    expect(now).toEqual({ ...draft, slug: 'orders-2' })
  })

  it('say what the server said about them, each under its own name', () => {
    const problem = new Problem({
      status: 422,
      code: 'invalid_input',
      detail: 'Two fields are wrong.',
      errors: [
        { field: 'slug', message: 'is taken' },
        { field: 'spec.name', message: 'is too long' },
      ],
    })
    expect(fieldsOf(draft, () => {}, problem)('slug').error).toBe('is taken')
    expect(fieldsOf(draft, () => {}, problem)('name').error).toBeUndefined()
    expect(fieldsOf(draft, () => {}, problem, 'spec.')('name').error).toBe('is too long')
  })
})
