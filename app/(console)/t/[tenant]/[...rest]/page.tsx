import { notFound } from 'next/navigation'

/** Any other address in a tenant: the page that says so, inside the frame. */
export default function Nowhere(): never {
  notFound()
}
