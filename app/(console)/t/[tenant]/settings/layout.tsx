import type { ReactNode } from 'react'
import { SettingsFrame } from '#components/settings/settings-frame'

export default async function Layout({ children, params }: { children: ReactNode; params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <SettingsFrame tenant={(await params).tenant}>{children}</SettingsFrame>
}
