import { QueryClient } from '@tanstack/react-query'

/** What was read, for one session: another user of the same tab sees nothing of it. */
export const newQueries = () =>
  new QueryClient({
    // A browser that thinks itself offline may still reach a service of this building.
    defaultOptions: {
      queries: { staleTime: 15_000, retry: 3, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  })

/** For what nothing goes on without: asked again, every few seconds, until somebody answers. */
export const UNTIL_ANSWERED = {
  staleTime: Number.POSITIVE_INFINITY,
  retry: true,
  retryDelay: (tries: number) => Math.min(1000 * 2 ** tries, 8000),
} as const
