'use client'
import type { ReactNode } from 'react'
import type { Upload } from '#components/release/upload-store'
import { Button } from '#components/ui/button'
import { byteWords } from '#components/ui/bytes'
import { Progress } from '#components/ui/progress'

/** How many bytes went out, then that the server seals them. */
export function UploadProgress({ upload, onStop }: { upload: Upload; onStop: () => void }): ReactNode {
  const { file, application, name } = upload.request
  const sent = upload.phase === 'sending' ? Math.min(upload.sentBytes, file.size) : file.size
  return (
    <section aria-label="Upload" className="grid gap-3 rounded-3 border bg-surface px-4 py-4">
      <p>
        <span className="font-[570] break-all">{file.name}</span> becomes {name ? <span className="font-mono">{name}</span> : 'a release'} of{' '}
        {application}
      </p>
      {upload.phase === 'sending' ? (
        <Progress label="Sending" value={sent} max={file.size} words={`${byteWords(sent)} of ${byteWords(file.size)}`} />
      ) : (
        <Progress label="Sealing: inspected, built into an image, hashed" words={`${byteWords(file.size)} sent`} />
      )}
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-0 flex-1 basis-56 text-sm text-ink-3">It goes on while you look at other pages here. Closing the tab ends it.</p>
        <Button
          size="sm"
          disabledReason={upload.phase === 'sealing' ? 'All bytes are there: the server finishes by itself.' : undefined}
          onClick={onStop}
        >
          Stop the upload
        </Button>
      </div>
    </section>
  )
}
