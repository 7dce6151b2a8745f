import { useQuery } from '@tanstack/react-query'
import { useClient } from '../session/client'

/** Colleagues and queues as they are now, asked anew every few seconds while they are shown. */
export function useDirectory(shown: boolean) {
  const client = useClient()
  const { data } = useQuery({
    queryKey: ['directory'],
    queryFn: client.records.directory,
    enabled: shown,
    refetchInterval: 3000,
    staleTime: 0,
  })
  return data ?? null
}
