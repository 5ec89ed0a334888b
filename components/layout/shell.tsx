'use client'
import { Menu as MenuIcon, Search } from 'lucide-react'
import Link from 'next/link'
import { useParams, useRouter } from 'next/navigation'
import { useEffect, useState, type ReactNode } from 'react'
import { LiveProvider } from '#components/live'
import { Brand } from '#components/layout/brand'
import { placeHref, places } from '#components/layout/navigation'
import { PaletteContext } from '#components/layout/palette-context'
import { Palette } from '#components/layout/palette'
import { areReaders, ReaderContext } from '#components/layout/reader'
import { Sidebar } from '#components/layout/sidebar'
import { useKeys } from '#components/layout/use-keys'
import { SheetFromAddress } from '#components/sheet/sheet-from-address'
import { keepTenant } from '#components/tenant/last-tenant'
import { Banner } from '#components/ui/banner'
import { Drawer } from '#components/ui/drawer'
import { IconButton } from '#components/ui/icon-button'
import type { MeView } from '#lib/access/session'

/** The frame of every console page: places at the left, the page at the right, the palette above both. */
export function Shell({ me, last, children }: { me: MeView; last: string | undefined; children: ReactNode }): ReactNode {
  const params = useParams<{ tenant?: string }>()
  const here = useTenantHere(me, params.tenant, last)
  const [isPaletteOpen, setPaletteOpen] = useState(false)
  const openPalette = (): void => setPaletteOpen(true)
  useShellKeys(here?.slug, openPalette)
  const page = (
    <>
      <Frame me={me} tenant={here?.slug} onSearch={openPalette}>
        {here?.isSuspended && (
          <div className="mb-4">
            <Banner tone="wait" title={`${here.name} is suspended`}>
              It can be read, and nothing in it changes until a platform admin resumes it.
            </Banner>
          </div>
        )}
        {children}
        {here && here.slug === params.tenant && <SheetFromAddress tenant={here.slug} />}
      </Frame>
      <Palette isOpen={isPaletteOpen} onClose={() => setPaletteOpen(false)} me={me} tenant={here?.slug} />
    </>
  )
  return (
    <PaletteContext value={openPalette}>
      <ReaderContext value={here !== undefined && areReaders(here.roles)}>
        {here ? (
          <LiveProvider key={here.slug} tenant={here.slug}>
            {page}
          </LiveProvider>
        ) : (
          page
        )}
      </ReaderContext>
    </PaletteContext>
  )
}

function Frame({ me, tenant, onSearch, children }: { me: MeView; tenant: string | undefined; onSearch: () => void; children: ReactNode }): ReactNode {
  const [isDrawerOpen, setDrawerOpen] = useState(false)
  return (
    <div className="md:grid md:min-h-dvh md:grid-cols-[212px_minmax(0,1fr)] print:block">
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-2 bg-accent px-3 py-2 font-[550] text-accent-ink focus:translate-y-0 print:hidden"
      >
        Skip to the page
      </a>
      <aside className="sticky top-0 h-dvh overflow-y-auto border-r bg-sunken max-md:hidden">
        <Sidebar me={me} tenant={tenant} />
      </aside>
      <header className="sticky top-0 z-30 flex h-12 items-center gap-1 border-b bg-sunken px-2 md:hidden print:hidden">
        <IconButton icon={MenuIcon} label="Open the menu" iconSize={18} className="size-9" onClick={() => setDrawerOpen(true)} />
        <Link href="/" className="rounded-2 px-1">
          <Brand size={20} />
        </Link>
        <IconButton icon={Search} label="Search and commands" iconSize={17} className="ml-auto size-9" onClick={onSearch} />
      </header>
      <Drawer side="left" isOpen={isDrawerOpen} onClose={() => setDrawerOpen(false)} title={<Brand size={20} />} isFlush>
        <Sidebar me={me} tenant={tenant} onGo={() => setDrawerOpen(false)} />
      </Drawer>
      <main id="main" tabIndex={-1} className="min-w-0 px-4 py-5 outline-none md:px-6 md:py-6 xl:px-8">
        {children}
      </main>
    </div>
  )
}

/** The tenant in the address; where it names none, or one that is not there for this person, the one that they came from. */
function useTenantHere({ tenants }: MeView, inAddress: string | undefined, last: string | undefined): MeView['tenants'][number] | undefined {
  const [kept, setKept] = useState(last)
  const here = tenants.find(({ slug }) => slug === inAddress) ?? tenants.find(({ slug }) => slug === kept)
  const slug = here?.slug
  if (slug !== undefined && slug !== kept) setKept(slug)
  useEffect(() => {
    if (slug !== undefined) keepTenant(slug)
  }, [slug])
  return here
}

function useShellKeys(tenant: string | undefined, openPalette: () => void): void {
  const router = useRouter()
  const go = tenant === undefined ? [] : places.map((place) => [`g ${place.key}`, () => router.push(placeHref(tenant, place))] as const)
  useKeys({ ...Object.fromEntries(go), 'g u': () => router.push('/account'), 'g t': () => router.push('/tenants'), '/': openPalette })
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || event.altKey || event.shiftKey || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      openPalette()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  })
}
