import type { Column } from '#components/ui/data-table'
import { Bytes } from '#components/ui/bytes'
import { Digest } from '#components/ui/digest'
import { RelativeTime } from '#components/ui/relative-time'
import { Status, type StatusTone } from '#components/ui/status'
import type { BackupPartView, BackupState, BackupView, DrillView } from '#lib/operations/backup'

export const partColumns: readonly Column<BackupPartView>[] = [
  { key: 'at', head: 'Made', isName: true, cell: ({ completedAt }) => <RelativeTime at={completedAt} /> },
  { key: 'rows', head: 'Rows', align: 'end', cell: ({ rows }) => rows.toLocaleString('en') },
  {
    key: 'blobs',
    head: 'Blobs',
    align: 'end',
    cell: ({ blobs, blobBytes }) => (
      <>
        {blobs.toLocaleString('en')} (<Bytes count={blobBytes} />)
      </>
    ),
  },
  { key: 'log', head: 'Log entries', align: 'end', cell: ({ logSize }) => logSize.toLocaleString('en') },
  {
    key: 'head',
    head: 'Log head',
    cell: ({ logHash }) => (logHash === '' ? <span className="text-ink-3">empty</span> : <code className="font-mono">{logHash.slice(0, 12)}</code>),
  },
  { key: 'digest', head: 'Content', cell: ({ digest }) => <Digest digest={digest} isCopied /> },
]

export const drillColumns: readonly Column<DrillView>[] = [
  { key: 'at', head: 'When', isName: true, cell: ({ at }) => <RelativeTime at={at} /> },
  { key: 'kind', head: 'Of', cell: ({ kind }) => kind },
  { key: 'result', head: 'Result', cell: ({ result }) => <Status tone={result === 'passed' ? 'ok' : 'bad'}>{result}</Status> },
  { key: 'backup', head: 'Backup of', cell: ({ backupAt }) => <RelativeTime at={backupAt} /> },
  {
    key: 'size',
    head: 'Size, time',
    align: 'end',
    cell: ({ sizeBytes, tookMs }) => (
      <>
        <Bytes count={sizeBytes} />, {(tookMs / 1000).toFixed(1)} s
      </>
    ),
  },
  { key: 'detail', head: 'Verified', cell: ({ detail }) => <span className="break-words text-ink-2">{detail}</span> },
]

const tones: Record<BackupState, StatusTone> = { requested: 'wait', running: 'run', completed: 'ok', incomplete: 'wait', failed: 'bad' }

export const backupColumns: readonly Column<BackupView>[] = [
  { key: 'at', head: 'Asked for', isName: true, cell: ({ requestedAt }) => <RelativeTime at={requestedAt} /> },
  { key: 'state', head: 'State', cell: ({ state }) => <Status tone={tones[state]}>{state}</Status> },
  { key: 'size', head: 'Size', align: 'end', cell: ({ sizeBytes }) => (sizeBytes === 0 ? '' : <Bytes count={sizeBytes} />) },
  {
    key: 'holds',
    head: 'Holds',
    cell: ({ summary }) =>
      summary && `${summary.tenants} tenants, ${summary.rows.toLocaleString('en')} rows, ${summary.blobs.toLocaleString('en')} blobs`,
  },
  { key: 'file', head: 'File', cell: ({ path }) => <span className="font-mono break-all">{path}</span> },
  { key: 'digest', head: 'sha256', cell: ({ digest }) => digest !== '' && <Digest digest={digest} isCopied /> },
  { key: 'outcome', head: 'Note', cell: ({ outcome }) => <span className="break-words">{outcome}</span> },
]
