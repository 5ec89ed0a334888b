import { z } from 'zod'

/** A password as sent: any characters; the bound keeps the hash from chewing on a novel. */
export const passwordSchema = z.string().min(1).max(1024)
