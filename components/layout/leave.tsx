'use client'

/** Ends the session in its row and in the browser; nothing of the tenant stays in the memory of the page. */
export async function leave(): Promise<void> {
  const { signOut } = await import('next-auth/react')
  await signOut({ redirect: false })
  location.assign('/sign-in')
}
