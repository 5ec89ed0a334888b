'use client'
import { clsx } from 'clsx'
import { FileArchive, FileUp } from 'lucide-react'
import { useId, useState, type DragEvent, type ReactNode } from 'react'
import { Bytes } from '#components/ui/bytes'
import { FieldError } from '#components/ui/field'

interface JarFieldProps {
  file: File | null
  onChange: (file: File) => void
  error?: string | undefined
}

/** A place to drop a JAR on: a file input, invisible over the whole of it, so that keyboards and screen readers have it too. */
export function JarField({ file, onChange, error }: JarFieldProps): ReactNode {
  const id = useId()
  const [isOver, setOver] = useState(false)
  const drag = (event: DragEvent, over: boolean): void => {
    event.preventDefault()
    setOver(over)
  }
  const drop = (event: DragEvent): void => {
    drag(event, false)
    const dropped = event.dataTransfer.files[0]
    if (dropped) onChange(dropped)
  }
  const Icon = file ? FileArchive : FileUp
  return (
    <div className="grid gap-1">
      <label
        className={clsx(
          'relative grid justify-items-center gap-1 rounded-3 border border-dashed px-4 py-8 text-center transition-colors duration-(--quick) has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
          isOver ? 'border-accent bg-accent-soft' : error ? 'border-bad bg-surface' : 'border-line-strong bg-surface hover:border-ink-3',
        )}
      >
        <input
          type="file"
          aria-label="JAR file"
          accept=".jar,application/java-archive"
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          onDragOver={(event) => drag(event, true)}
          onDragLeave={(event) => drag(event, false)}
          onDrop={drop}
          className="absolute inset-0 cursor-pointer opacity-0"
          onChange={(event) => {
            const chosen = event.target.files?.[0]
            if (chosen) onChange(chosen)
            event.target.value = ''
          }}
        />
        <Icon aria-hidden size={22} strokeWidth={1.6} className="mb-1 text-ink-3" />
        <span className="max-w-full font-[570] break-all">{file ? file.name : 'Drop a JAR here'}</span>
        <span className="text-sm text-ink-3">
          {file ? (
            <>
              <Bytes count={file.size} />, press to choose another
            </>
          ) : (
            'or press to choose one: plain, shaded or Spring Boot'
          )}
        </span>
      </label>
      {error && <FieldError id={`${id}-error`} words={error} />}
    </div>
  )
}
