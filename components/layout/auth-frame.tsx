import type { ReactNode } from 'react'
import { Brand } from '#components/layout/brand'
import { LockFigure } from '#components/layout/lock-figure'

/** The frame of the pages before the door: the brand, one thing to do, and beside it what the product is. */
export function AuthFrame({ title, lead, children }: { title: ReactNode; lead?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(420px,1fr)_minmax(0,1.1fr)]">
      <main className="flex flex-col px-6 py-8 sm:px-12">
        <Brand size={24} />
        <div className="m-auto grid w-full max-w-88 gap-5 py-12">
          <div className="grid gap-1">
            <h1 className="text-xl font-[620] tracking-[-0.02em] text-balance">{title}</h1>
            {lead && <p className="text-ink-2">{lead}</p>}
          </div>
          {children}
        </div>
      </main>
      <aside aria-label="What Caisson does" className="hidden place-items-center border-l bg-sunken p-12 lg:grid">
        <LockFigure />
      </aside>
    </div>
  )
}
