import createFetch, { type Client as Fetch } from 'openapi-fetch'
import type { Config } from './config'
import type { Supabase } from './database'
import { fetchWithin, PATIENCE } from './patience'
import type { components, paths } from './types/service'

export type Api = Fetch<paths>
type Problem = components['schemas']['Problem']

/** What the service refused: a sentence for people, and `code`, a word for programs. */
export class Refused extends Error {
  readonly status: number
  readonly code: string
  readonly field: string | null
  /** Seconds after which to ask again. */
  readonly retryAfter: number | null

  constructor(status: number, problem?: Partial<Problem>) {
    super(problem?.error ?? `HTTP ${status}`)
    this.status = status
    this.code = problem?.details?.code ?? `http_${status}`
    this.field = problem?.details?.field ?? null
    this.retryAfter = problem?.retryAfter ?? null
  }
}

/** The service, asked in the name of whoever is signed in. */
export function openService(config: Config, supabase: Supabase): Api {
  const api = createFetch<paths>({ baseUrl: config.service_url, fetch: fetchWithin(PATIENCE) })
  api.use({
    async onRequest({ request }) {
      const { data } = await supabase.auth.getSession()
      if (data.session) request.headers.set('Authorization', `Bearer ${data.session.access_token}`)
      return request
    },
  })
  return api
}

/** What was answered; throws Refused, or TypeError where nobody can be reached. */
export async function answer<T>(
  asked: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await asked
  if (data === undefined) throw new Refused(response.status, error as Partial<Problem>)
  return data
}
