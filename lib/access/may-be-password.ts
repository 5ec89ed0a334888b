import { normaliseEmail } from '#lib/access/normalise-email'
import { allowed, refused, type Verdict } from '#lib/platform/refusal'

const minLength = 12

/** NIST SP 800-63B §3.1.1.2: length counts in code points, no rules of composition. */
export function mayBePassword(password: string, email: string): Verdict {
  if ([...password.normalize('NFC')].length < minLength) {
    return refused('invalid_input', `The password is shorter than ${minLength} characters.`, 'Choose a longer one; a few words will do.')
  }
  const plain = normaliseEmail(password)
  if (plain === normaliseEmail(email) || plain === normaliseEmail(email).split('@')[0]) {
    return refused('invalid_input', 'The password is the email address.', 'Choose one that others cannot guess.')
  }
  if (new Set(plain).size < 4) return refused('invalid_input', 'The password repeats very few characters.', 'Choose one that others cannot guess.')
  return allowed
}
