import '@fontsource-variable/inter'
import '@fontsource-variable/jetbrains-mono'
import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { Providers } from '#components/providers'
import { themeAttribute, themeCookie, themeOf } from '#components/theme'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Caisson', template: '%s · Caisson' },
  description: 'Seals a JAR once and raises the same digest from dev to prod.',
}

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f7f9' },
    { media: '(prefers-color-scheme: dark)', color: '#0b0f14' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }): Promise<ReactNode> {
  const theme = themeOf((await cookies()).get(themeCookie)?.value)
  return (
    <html lang="en" {...themeAttribute(theme)}>
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  )
}
