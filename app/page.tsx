import type { ReactNode } from 'react'

/** The API is what stands so far; the board takes this place. */
export default function Home(): ReactNode {
  return (
    <main>
      <h1>Caisson</h1>
      <p>
        This installation answers at <code>/api/v1</code>; <a href="/ready">its readiness</a> is public, everything else asks for a session or a
        token.
      </p>
    </main>
  )
}
