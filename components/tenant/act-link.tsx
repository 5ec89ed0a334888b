'use client'
import type { LucideIcon } from 'lucide-react'
import type { MouseEventHandler, ReactNode } from 'react'
import { useIsReader } from '#components/layout/reader'
import { useReason } from '#components/tenant/use-tenant'
import { Button } from '#components/ui/button'
import type { ButtonSize, ButtonTone } from '#components/ui/button-class'
import { LinkButton } from '#components/ui/link-button'
import type { Verb } from '#lib/access/permissions'

export interface ActLinkProps {
  tenant: string
  /** What one must be allowed to do where it leads. */
  verb: Verb
  href: string
  icon?: LucideIcon
  size?: ButtonSize
  tone?: ButtonTone
  /** Instead of going there, where this page can do it. */
  onClick?: MouseEventHandler
  children: ReactNode
}

/** The way to an act elsewhere: absent for those who only read, and with the reason for those who may not. */
export function ActLink({ tenant, verb, href, onClick, children, size = 'sm', tone = 'secondary', ...look }: ActLinkProps): ReactNode {
  const reason = useReason(tenant)(verb)
  if (useIsReader()) return null
  if (reason !== undefined) {
    return (
      <Button {...look} size={size} tone={tone} disabledReason={reason}>
        {children}
      </Button>
    )
  }
  return (
    <LinkButton {...look} size={size} tone={tone} href={href} {...(onClick && { onClick })}>
      {children}
    </LinkButton>
  )
}
