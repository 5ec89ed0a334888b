import { z } from 'zod'
import { normaliseEmail } from '#lib/access/normalise-email'

/** An address as people type it; parses to the normalised one. */
export const emailSchema = z.string().max(300).transform(normaliseEmail).pipe(z.email('is not an email address').max(254))
