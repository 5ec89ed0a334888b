import { clsx } from 'clsx'
import type { ReactNode } from 'react'

type Values = Readonly<Record<string, unknown>>

/** What a change found and what it left, key by key; those that stayed the same are quiet. */
export function ChangedValues({ before, after }: { before: Values; after: Values }): ReactNode {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  if (keys.length === 0) return <p className="text-ink-3">Nothing was before, and nothing is after.</p>
  return (
    <div className="overflow-x-auto rounded-2 border">
      <table className="w-full border-collapse text-left text-sm">
        <thead className="bg-sunken text-ink-2">
          <tr>
            {['Value', 'Before', 'After'].map((head) => (
              <th key={head} scope="col" className="border-b px-2.5 py-1.5 font-[550]">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <Row key={key} name={key} before={before[key]} after={after[key]} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ name, before, after }: { name: string; before: unknown; after: unknown }): ReactNode {
  const isSame = JSON.stringify(before) === JSON.stringify(after)
  return (
    <tr className="border-b align-top last:border-b-0">
      <th scope="row" className="px-2.5 py-1.5 font-mono font-normal whitespace-nowrap text-ink-2">
        {name}
      </th>
      <td className={clsx('px-2.5 py-1.5', isSame ? 'text-ink-3' : 'text-ink-2')}>
        <Value value={before} />
      </td>
      <td className={clsx('px-2.5 py-1.5', !isSame && 'bg-ok-soft')}>
        <Value value={after} />
      </td>
    </tr>
  )
}

function Value({ value }: { value: unknown }): ReactNode {
  if (value === undefined) return <span className="text-ink-3">not set</span>
  if (value === '') return <span className="text-ink-3">empty</span>
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, typeof value === 'object' && value !== null ? 1 : 0)
  return <span className="block max-h-60 min-w-32 overflow-y-auto font-mono break-all whitespace-pre-wrap">{text}</span>
}
