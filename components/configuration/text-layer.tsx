'use client'
import { useId, useMemo, useState, type ReactNode } from 'react'
import { CodeEditor, type EditorHandle } from '#components/configuration/code-editor'
import { Button } from '#components/ui/button'
import { Status } from '#components/ui/status'
import type { LayerDocument } from '#lib/configuration/config-document'
import { layerText, readLayerText } from '#lib/configuration/layer-text'
import { lintText, type Finding, type LintFacts } from '#lib/configuration/lint-layer'

interface TextLayerProps {
  name: string
  document: LayerDocument
  isReadOnly: boolean
  facts: LintFacts
  onChange: (document: Omit<LayerDocument, 'files'>) => void
  /** What keeps the text from being read; undefined when it can be. */
  onWrong: (words: string | undefined) => void
}

/** A layer as text, judged while it is typed by the rules of the config gate; what is found is listed below it, too. */
export function TextLayer({ name, document, isReadOnly, facts, onChange, onWrong }: TextLayerProps): ReactNode {
  const id = useId()
  const [handle, setHandle] = useState<EditorHandle | null>(null)
  const [start] = useState(() => layerText(document))
  const [text, setText] = useState(start)
  const findings = useMemo(() => lintText(text, facts), [text, facts])
  const change = (next: string): void => {
    setText(next)
    const { document: read, problems } = readLayerText(next)
    const [first] = problems
    onWrong(first ? `Line ${lineAt(next, first.from)}: ${first.words}` : undefined)
    if (!first) onChange(read)
  }
  return (
    <div className="grid min-w-0 grid-cols-1 gap-2">
      <CodeEditor
        label={`Configuration of ${name} as text`}
        describedBy={`${id}-hint`}
        start={start}
        isReadOnly={isReadOnly}
        facts={facts}
        onReady={setHandle}
        onChange={change}
      />
      <p id={`${id}-hint`} className="text-sm text-ink-3">
        <kbd>Ctrl Space</kbd> completes, <kbd>F8</kbd> goes to the next finding, <kbd>Tab</kbd> leaves (<kbd>Esc</kbd> first, while something is
        offered). Lines with # are not kept. Files are edited as rows.
      </p>
      <FindingList text={text} findings={findings} isReadOnly={isReadOnly} handle={handle} />
    </div>
  )
}

interface FindingListProps {
  text: string
  findings: readonly Finding[]
  isReadOnly: boolean
  handle: EditorHandle | null
}

function FindingList({ text, findings, isReadOnly, handle }: FindingListProps): ReactNode {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const warnings = findings.length - errors
  return (
    <section aria-label="What is wrong with the text" className="grid grid-cols-1 gap-1.5 text-sm">
      <p role="status">
        {findings.length === 0 ? (
          <Status tone="ok">Nothing to mend</Status>
        ) : (
          <Status tone={errors > 0 ? 'bad' : 'wait'}>
            {[...(errors > 0 ? [`${errors} to mend`] : []), ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : [])].join(
              ', ',
            )}
          </Status>
        )}
      </p>
      <ul className="grid grid-cols-1 gap-1">
        {findings.map((finding) => (
          <li key={`${finding.from} ${finding.words}`} className="flex flex-wrap items-baseline gap-x-2">
            <Button size="sm" tone="quiet" onClick={() => handle?.select(finding.from, finding.to)}>
              Line {lineAt(text, finding.from)}
            </Button>
            <span className="min-w-0 flex-1 basis-48 wrap-anywhere">{finding.words}</span>
            {finding.fix && !isReadOnly && (
              <Button size="sm" onClick={() => handle?.replace(finding.from, finding.to, finding.fix?.text ?? '')}>
                {finding.fix.label}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length
}
