import { useMutation } from '@tanstack/react-query'
import { useClient } from '../session/client'
import { useTelephone } from '../telephone/use-telephone'
import { notify, sentenceOf } from '../ui/notices'
import { useWords } from '../words'
import { useDesk } from './desk'

/** Placing a call: from the telephone in this tab, or by having the agent's rung first. */
export function useDial() {
  const words = useWords()
  const client = useClient()
  const { me } = useDesk()
  const telephone = useTelephone()
  const { mutate, isPending } = useMutation({
    mutationFn: async (number: string) => {
      if (telephone.state === 'ready') await client.telephone.dial(number)
      else await client.calls.placeCall(number)
    },
    onError: (error) => notify(sentenceOf(error, words), true),
  })
  return { call: mutate, busy: isPending, possible: me.status !== 'busy' }
}
