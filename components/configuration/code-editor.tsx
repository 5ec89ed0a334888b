'use client'
import { acceptCompletion, autocompletion, completionKeymap, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language'
import { linter, lintGutter, lintKeymap, type Diagnostic } from '@codemirror/lint'
import { EditorState, StateEffect, StateField } from '@codemirror/state'
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef, type ReactNode } from 'react'
import { completeAt, type Offer } from '#lib/configuration/complete-layer'
import { lintText, type Finding, type LintFacts } from '#lib/configuration/lint-layer'

/** How the page around the editor reaches into it. */
export interface EditorHandle {
  /** Puts the cursor over a span, and the focus into the text. */
  select: (from: number, to: number) => void
  replace: (from: number, to: number, text: string) => void
}

interface CodeEditorProps {
  label: string
  describedBy: string
  /** What it starts with. */
  start: string
  isReadOnly: boolean
  facts: LintFacts
  onReady: (handle: EditorHandle | null) => void
  onChange: (text: string) => void
}

/** The text of a layer in an editor. Tab leaves it; while something is offered, Tab takes that, and Escape closes the offer first. */
export function CodeEditor(props: CodeEditorProps): ReactNode {
  const { label, describedBy, isReadOnly, facts } = props
  const latest = useRef(props)
  const place = useRef<HTMLDivElement>(null)
  const shown = useRef<EditorView>(null)
  useEffect(() => {
    latest.current = props
  })
  useEffect(() => {
    if (!place.current) return undefined
    const view = new EditorView({
      parent: place.current,
      doc: latest.current.start,
      extensions: [
        lineNumbers(),
        lintGutter(),
        history(),
        highlightActiveLine(),
        language,
        syntaxHighlighting(colours),
        theme,
        EditorView.lineWrapping,
        EditorState.readOnly.of(isReadOnly),
        EditorView.contentAttributes.of({
          'aria-label': label,
          'aria-describedby': describedBy,
          'aria-readonly': String(isReadOnly),
          spellcheck: 'false',
        }),
        judgedBy.init(() => latest.current.facts),
        autocompletion({ override: [offered], icons: false }),
        linter(({ state }) => lintText(state.doc.toString(), state.field(judgedBy)).map(asDiagnostic), {
          delay: 250,
          needsRefresh: ({ startState, state }) => startState.field(judgedBy) !== state.field(judgedBy),
        }),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) latest.current.onChange(state.doc.toString())
        }),
        keymap.of([
          { key: 'Tab', run: acceptCompletion },
          { key: 'Mod-s', run: save, preventDefault: true },
          ...completionKeymap,
          ...lintKeymap,
          ...historyKeymap,
          ...defaultKeymap,
        ]),
      ],
    })
    shown.current = view
    latest.current.onReady({
      select: (anchor, head) => {
        view.dispatch({ selection: { anchor, head }, scrollIntoView: true })
        view.focus()
      },
      replace: (from, to, insert) => {
        view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length } })
        view.focus()
      },
    })
    return () => {
      latest.current.onReady(null)
      shown.current = null
      view.destroy()
    }
  }, [label, describedBy, isReadOnly])
  // What the release knows, and which secrets there are, may come after the text.
  useEffect(() => {
    shown.current?.dispatch({ effects: judgeBy.of(facts) })
  }, [facts])
  return (
    <div ref={place} className="min-w-0 overflow-hidden rounded-2 border border-line-strong focus-within:outline-2 focus-within:outline-accent" />
  )
}

/** What the text is judged and completed by. */
const judgeBy = StateEffect.define<LintFacts>()
const judgedBy = StateField.define<LintFacts>({
  create: () => ({ properties: [], required: [], declared: [], setElsewhere: [], secrets: [], isPlace: false }),
  update: (before, { effects }) => effects.findLast((effect) => effect.is(judgeBy))?.value ?? before,
})

function save(view: EditorView): boolean {
  view.dom.closest('form')?.requestSubmit()
  return true
}

function offered(context: CompletionContext): CompletionResult | null {
  const found = completeAt(context.state.doc.toString(), context.pos, context.state.field(judgedBy))
  // An empty word is completed when somebody asks for it, or right behind the `=`.
  if (!found || (found.from === context.pos && !context.explicit && !context.matchBefore(/=\s*/))) return null
  return { from: found.from, filter: false, options: found.items.map(asCompletion) }
}

function asCompletion({ label, detail, info, apply, isDeprecated }: Offer): CompletionResult['options'][number] {
  return { label, apply, ...(detail === '' ? {} : { detail }), ...(info === '' ? {} : { info }), ...(isDeprecated ? { type: 'deprecated' } : {}) }
}

function asDiagnostic({ from, to, severity, words, fix }: Finding): Diagnostic {
  const actions = fix && [
    { name: fix.label, apply: (view: EditorView, at: number, end: number) => view.dispatch({ changes: { from: at, to: end, insert: fix.text } }) },
  ]
  return { from, to, severity, message: words, ...(actions ? { actions } : {}) }
}

const language = StreamLanguage.define({
  token: (stream) => {
    if (stream.sol() && stream.match(/^\s*#.*/)) return 'comment'
    if (stream.sol() && stream.match(/^\s*\[.*\]\s*$/)) return 'heading'
    if (stream.sol() && stream.match(/^\s*-[^=]*/)) return 'propertyName'
    if (stream.sol() && stream.match(/^[^=]+(?==)/)) return 'propertyName'
    if (stream.match(/^=\s*/)) return 'punctuation'
    if (stream.match(/^\$\{[^}]*\}/)) return 'variableName'
    stream.next()
    return 'string'
  },
})

const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--ink-3)' },
  { tag: tags.heading, color: 'var(--accent)', fontWeight: '550' },
  { tag: tags.propertyName, color: 'var(--ink)' },
  { tag: tags.punctuation, color: 'var(--ink-3)' },
  { tag: tags.variableName, color: 'var(--waived)' },
  { tag: tags.string, color: 'var(--ink-2)' },
])

const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--surface)', color: 'var(--ink)', fontSize: '12px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '20px', minHeight: '16rem', maxHeight: '70vh' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--ink-3)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--accent-soft) 40%, transparent)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    color: 'var(--ink)',
    border: '1px solid var(--line-strong)',
    borderRadius: '8px',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', maxWidth: 'min(90vw, 560px)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--accent-ink)' },
  '.cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail': { color: 'var(--accent-ink)' },
  '.cm-completionDetail': { color: 'var(--ink-3)', fontStyle: 'normal' },
  '.cm-tooltip .cm-completionInfo': { whiteSpace: 'pre-wrap', fontFamily: 'var(--font-text)', padding: '6px 10px' },
  '.cm-diagnostic': { fontFamily: 'var(--font-text)', padding: '6px 10px' },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--bad)' },
  '.cm-diagnostic-warning': { borderLeft: '4px solid var(--wait)' },
  '.cm-diagnosticAction': { backgroundColor: 'var(--accent)', color: 'var(--accent-ink)', borderRadius: '4px', padding: '1px 6px' },
  '.cm-panels': { backgroundColor: 'var(--raised)', color: 'var(--ink)' },
  '.cm-panel.cm-panel-lint ul [aria-selected]': { backgroundColor: 'var(--accent-soft)', color: 'var(--ink)' },
})
