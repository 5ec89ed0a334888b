import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { Problem } from '#components/api'
import { Button } from '#components/ui/button'
import { DataTable } from '#components/ui/data-table'
import { Meter } from '#components/ui/meter'
import { ProblemNotice } from '#components/ui/problem-notice'
import { Progress } from '#components/ui/progress'
import { Status, type StatusTone } from '#components/ui/status'
import { TextField } from '#components/ui/text-field'

const attribute = (html: string, name: string): string | undefined => new RegExp(`${name}="([^"]*)"`).exec(html)?.[1]

describe('a button', () => {
  it('that may not be used can still be focused, and says why to whoever asks', () => {
    const html = renderToStaticMarkup(<Button disabledReason="Only an approver may approve.">Approve</Button>)
    expect(attribute(html, 'aria-disabled')).toBe('true')
    expect(html).not.toMatch(/ disabled(=|>|\s)/)
    const described = attribute(html, 'aria-describedby')
    expect(html).toContain(`<span id="${described}" class="sr-only">Only an approver may approve.</span>`)
  })

  it('that may be used says nothing of the kind', () => {
    const html = renderToStaticMarkup(<Button>Approve</Button>)
    expect(html).not.toMatch(/aria-disabled="|aria-describedby|aria-busy/)
    expect(renderToStaticMarkup(<Button busy>Approve</Button>)).toMatch(/aria-disabled="true" aria-busy="true"/)
  })
})

describe('a field', () => {
  it('is tied to its label, its hint and what is wrong with it', () => {
    const html = renderToStaticMarkup(<TextField label="Slug" hint="Lower case." error="is taken" />)
    const id = attribute(html.slice(html.indexOf('<input')), 'id')
    expect(html).toContain(`<label for="${id}"`)
    expect(attribute(html, 'aria-invalid')).toBe('true')
    expect(attribute(html, 'aria-describedby')).toBe(`${id}-hint ${id}-error`)
    for (const part of ['hint', 'error']) expect(html).toContain(`id="${id}-${part}"`)
  })
})

describe('a state', () => {
  it.each(['ok', 'wait', 'bad', 'run', 'off', 'waived'] satisfies StatusTone[])('is a word, a sign and a colour: %s', (tone) => {
    const html = renderToStaticMarkup(<Status tone={tone}>said so</Status>)
    expect(html).toContain('said so')
    expect(html).toMatch(/<svg aria-hidden="true"[^>]*><path d="[^"]+"/)
    expect(html).toContain(`text-${tone}`)
  })
})

describe('a problem', () => {
  it('is read out at once with what to do, and with the number of the request only when it is our fault', () => {
    const problem = { code: 'frozen', detail: 'prod is frozen.', fix: 'Wait until 18:00.', requestId: 'r1' }
    const refusal = renderToStaticMarkup(<ProblemNotice problem={new Problem({ ...problem, status: 409 })} title="Not requested" />)
    expect(refusal).toMatch(/^<div role="alert"/)
    for (const words of ['Not requested', 'prod is frozen.', 'Wait until 18:00.']) expect(refusal).toContain(words)
    expect(refusal).not.toContain('r1')
    expect(renderToStaticMarkup(<ProblemNotice problem={new Problem({ ...problem, status: 500 })} />)).toContain('r1')
  })
})

describe('a table', () => {
  const columns = [
    { key: 'name', head: 'Release', isName: true, cell: (row: string) => row },
    { key: 'length', head: 'Length', cell: (row: string) => row.length },
  ]

  it('names its rows and columns', () => {
    const html = renderToStaticMarkup(<DataTable caption="Releases" columns={columns} rows={['v1.0.0']} rowKey={(row) => row} />)
    expect(html).toMatch(/<caption class="sr-only">Releases<\/caption>/)
    expect(html).toMatch(/<th scope="col"[^>]*>Release<\/th>/)
    expect(html).toMatch(/<th scope="row"[^>]*>v1.0.0<\/th>/)
  })

  it('is what the page says when there is nothing', () => {
    expect(renderToStaticMarkup(<DataTable caption="Releases" columns={columns} rows={[]} rowKey={(row) => row} empty="None yet" />)).toBe('None yet')
  })
})

describe('how much', () => {
  it('is a share of what there is, and of unknown size without a number', () => {
    expect(renderToStaticMarkup(<Progress label="Upload" value={5} max={20} />)).toMatch(/aria-valuenow="5".*width:25%/)
    expect(renderToStaticMarkup(<Progress label="Upload" />)).not.toContain('aria-valuenow')
  })

  it('warns before a cap, stops at it, and has no bar without one', () => {
    const bar = (value: number, max: number | null): string => renderToStaticMarkup(<Meter label="Members" value={value} max={max} words="some" />)
    expect(bar(79, 100)).toContain('bg-accent')
    expect(bar(80, 100)).toContain('bg-wait')
    expect(bar(120, 100)).toMatch(/bg-bad[^>]*width:100%/)
    expect(bar(3, null)).not.toContain('width')
  })
})
