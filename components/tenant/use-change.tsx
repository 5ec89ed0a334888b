'use client'
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import type { Problem } from '#components/api'
import type { QueryKey } from '#components/live'

/**
 * A change that is sent, and what is asked again when it is done: everything under the keys.
 * `mutate(input, { onSuccess })` closes the dialog; `error` stands where the change was made. What changes who one is here (the key
 * `me`) also changes the frame of the page, which the server draws.
 */
export function useChange<Input, Answer>(
  send: (input: Input) => Promise<Answer>,
  keys: readonly QueryKey[],
): UseMutationResult<Answer, Problem, Input> {
  const client = useQueryClient()
  const router = useRouter()
  return useMutation<Answer, Problem, Input>({
    mutationFn: send,
    onSuccess: async () => {
      if (keys.some(([first]) => first === 'me')) router.refresh()
      await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })))
    },
  })
}
