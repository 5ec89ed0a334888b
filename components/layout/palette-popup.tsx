'use client'
import { Dialog } from '@base-ui/react/dialog'
import { Command } from 'cmdk'
import { clsx } from 'clsx'
import { useRouter } from 'next/navigation'
import { useDeferredValue, useState, type ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { commandsFor, matching, type PaletteCommand } from '#components/layout/palette-commands'
import { backdropClass } from '#components/ui/dialog-popup'
import { KeyHint } from '#components/ui/key-hint'
import type { MeView } from '#lib/access/session'
import type { SearchHit } from '#lib/releases/release'

export interface PaletteProps {
  isOpen: boolean
  onClose: () => void
  me: MeView
  tenant: string | undefined
}

/** The palette itself, for Palette to open. */
export function PalettePopup({ isOpen, onClose, me, tenant }: PaletteProps): ReactNode {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropClass} />
        <Dialog.Popup
          aria-label="Search and commands"
          className="fixed top-[12dvh] left-1/2 z-50 w-[calc(100vw-16px)] max-w-150 -translate-x-1/2 overflow-hidden rounded-3 border border-line-strong bg-raised shadow-raised transition-opacity duration-(--quick) data-ending-style:opacity-0 data-starting-style:opacity-0"
        >
          <PaletteContent me={me} tenant={tenant} onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function PaletteContent({ me, tenant, onClose }: Omit<PaletteProps, 'isOpen'>): ReactNode {
  const router = useRouter()
  const [words, setWords] = useState('')
  const asked = useDeferredValue(words.trim())
  const mayAsk = tenant !== undefined && asked.length >= 2 && asked.length <= 100
  const found = useApi<{ hits: SearchHit[] }>(tenantKey(tenant ?? '', 'release', 'search', asked), tenantPath(tenant ?? '', 'search'), {
    query: { q: asked },
    isEnabled: mayAsk,
    isKept: true,
  })
  const hits = mayAsk ? (found.data?.hits ?? []) : []
  const commands = matching(commandsFor(me, tenant, router), words)
  const groups = [...new Set(commands.map(({ group }) => group))]
  const run = (act: () => void): void => {
    onClose()
    act()
  }
  return (
    <Command shouldFilter={false} label="Search and commands" className="grid">
      <Command.Input
        value={words}
        onValueChange={setWords}
        placeholder="Digest, tag, commit, JAR hash, page or act…"
        className="h-12 w-full border-b bg-transparent px-4 text-lg outline-none"
      />
      <Command.List className="max-h-[min(60dvh,420px)] overflow-y-auto p-1.5">
        {hits.length > 0 && (
          <Command.Group heading="Found" className={groupClass}>
            {hits.map((hit) => (
              <Item
                key={`${hit.kind} ${hit.href} ${hit.detail}`}
                value={`hit ${hit.kind} ${hit.href}`}
                onSelect={() => run(() => router.push(hit.href))}
              >
                <span className="min-w-0 truncate">{hit.title}</span>
                <span className="ml-auto max-w-[55%] truncate font-mono text-sm text-ink-3">{hit.detail}</span>
              </Item>
            ))}
          </Command.Group>
        )}
        {groups.map((group) => (
          <CommandGroup key={group} heading={group} commands={commands.filter((command) => command.group === group)} run={run} />
        ))}
      </Command.List>
      <PaletteEnd isShown={hits.length === 0 && commands.length === 0} words={endWords(found.isFetching, found.error?.detail)} />
    </Command>
  )
}

const groupClass =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-[550] [&_[cmdk-group-heading]]:text-ink-3'

function CommandGroup(props: { heading: string; commands: PaletteCommand[]; run: (act: () => void) => void }): ReactNode {
  if (props.commands.length === 0) return null
  return (
    <Command.Group heading={props.heading} className={groupClass}>
      {props.commands.map(({ label, icon: Icon, keys, act, offReason }) => (
        <Item key={label} value={`${props.heading} ${label}`} isOff={offReason !== undefined} onSelect={() => props.run(act)}>
          <Icon aria-hidden size={14} className="shrink-0 text-ink-3" />
          <span className="shrink-0">{label}</span>
          {offReason !== undefined && <span className="min-w-0 flex-1 basis-56 text-sm max-sm:pl-6 sm:text-right">{offReason}</span>}
          {keys && <KeyHint keys={keys} className="ml-auto max-sm:hidden" />}
        </Item>
      ))}
    </Command.Group>
  )
}

interface ItemProps {
  value: string
  isOff?: boolean
  onSelect: () => void
  children: ReactNode
}

function Item({ value, isOff = false, onSelect, children }: ItemProps): ReactNode {
  return (
    <Command.Item
      value={value}
      disabled={isOff}
      onSelect={onSelect}
      className={clsx(
        'flex min-h-9 flex-wrap items-center gap-x-2.5 rounded-2 px-2.5 py-1 data-[selected=true]:bg-accent-soft',
        isOff ? 'cursor-not-allowed text-ink-3' : 'cursor-pointer',
      )}
    >
      {children}
    </Command.Item>
  )
}

function PaletteEnd({ isShown, words }: { isShown: boolean; words: string }): ReactNode {
  return (
    <p role="status" className={isShown ? 'px-3 py-6 text-center text-ink-2' : 'sr-only'}>
      {isShown ? words : ''}
    </p>
  )
}

function endWords(isSearching: boolean, problem: string | undefined): string {
  if (isSearching) return 'Searching…'
  return problem ?? 'Nothing by that name, digest or hash was ever here.'
}
