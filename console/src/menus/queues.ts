import { useQuery } from '@tanstack/react-query'
import { useClient } from '../session/client'

/** Queues with their hours. */
export function useQueueRows() {
  const client = useClient()
  return useQuery({ queryKey: ['queue-hours'], queryFn: client.scripts.queues }).data ?? []
}

/** The names of the queues that may be led to. */
export const useQueues = (): string[] =>
  useQueueRows()
    .filter(({ active }) => active)
    .map(({ name }) => name)
